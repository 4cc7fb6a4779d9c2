// What runs within kubectl-netdoctor.exe: only built-in modules can be loaded from there, so it leads to the files beside it.
require('node:module').createRequire(process.execPath)('./lib/kubectl-netdoctor.js');
