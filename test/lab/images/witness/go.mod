module netdoctor.test/witness

go 1.24.0
