module netdoctor.test/vmexec

go 1.24.0
