// vmexec runs a command inside a VM node: arguments, environment and working directory as they are here,
// standard input, output and error byte for byte, and the command's exit status.
//
//	vmexec serve ADDR             in the VM
//	vmexec run ADDR COMMAND…      on the machine
//
// One connection is one command. The client sends the request as a frame, then stdin as frames (an empty one is
// its end); the server sends a hello at once, then output frames and at last the exit status.
package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

const (
	frameHello = iota
	frameRequest
	frameStdin
	frameStdout
	frameStderr
	frameExit
)

const (
	unreachable = 255
	helloWithin = 20 * time.Second
	maxFrame    = 16 << 20
)

type request struct {
	Argv []string
	Env  []string
	Dir  string
}

// conn writes whole frames, from any goroutine.
type conn struct {
	net.Conn
	mu sync.Mutex
}

func (c *conn) send(kind byte, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	head := make([]byte, 5, 5+len(data))
	head[0] = kind
	binary.BigEndian.PutUint32(head[1:], uint32(len(data)))
	_, err := c.Write(append(head, data...))
	return err
}

func (c *conn) receive() (byte, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("a frame of %d bytes", n)
	}
	data := make([]byte, n)
	_, err := io.ReadFull(c, data)
	return head[0], data, err
}

// stream sends what is written to it as frames of one kind.
type stream struct {
	c    *conn
	kind byte
}

func (s stream) Write(p []byte) (int, error) {
	if err := s.c.send(s.kind, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

func serve(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go handle(&conn{Conn: c})
	}
}

func handle(c *conn) {
	defer c.Close()
	if c.send(frameHello, nil) != nil {
		return
	}
	kind, data, err := c.receive()
	var r request
	if err != nil || kind != frameRequest || json.Unmarshal(data, &r) != nil || len(r.Argv) == 0 {
		return
	}
	_ = c.send(frameExit, []byte{byte(runHere(c, r))})
}

// runHere runs the command in PID 1's network namespace, since the server has one of its own.
func runHere(c *conn, r request) int {
	// The shell gives the usual 126 and 127 for a command that cannot be run or is not there.
	cmd := exec.Command("nsenter", append([]string{"--net=/proc/1/ns/net", "--", "sh", "-c", `exec "$@"`, "sh"}, r.Argv...)...)
	cmd.Env, cmd.Dir = r.Env, r.Dir
	if st, err := os.Stat(r.Dir); err != nil || !st.IsDir() {
		cmd.Dir = "/"
	}
	cmd.Stdout, cmd.Stderr = stream{c, frameStdout}, stream{c, frameStderr}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = 2 * time.Second
	stdin, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		_ = c.send(frameStderr, []byte(fmt.Sprintf("vmexec: %v\n", err)))
		return 126
	}
	ended := make(chan struct{})
	go feed(c, stdin, cmd.Process.Pid, ended)
	err = cmd.Wait()
	close(ended)
	if st := cmd.ProcessState.Sys().(syscall.WaitStatus); st.Signaled() {
		return 128 + int(st.Signal())
	}
	if err != nil && cmd.ProcessState.ExitCode() == 0 && !errors.Is(err, exec.ErrWaitDelay) {
		return 126
	}
	return cmd.ProcessState.ExitCode()
}

// feed passes stdin on; when the client goes away before the command ends, the command's process group is killed.
func feed(c *conn, stdin io.WriteCloser, pid int, ended <-chan struct{}) {
	for {
		kind, data, err := c.receive()
		if err != nil {
			select {
			case <-ended:
			default:
				_ = syscall.Kill(-pid, syscall.SIGKILL)
			}
			return
		}
		if kind != frameStdin {
			continue
		}
		if len(data) == 0 {
			stdin.Close()
			continue
		}
		_, _ = stdin.Write(data) // a command that reads no more is no fault
	}
}

func run(addr string, argv []string) (int, error) {
	raw, err := net.DialTimeout("tcp", addr, helloWithin)
	if err != nil {
		return unreachable, err
	}
	c := &conn{Conn: raw}
	_ = c.SetReadDeadline(time.Now().Add(helloWithin))
	if kind, _, err := c.receive(); err != nil || kind != frameHello {
		return unreachable, fmt.Errorf("the node does not answer: %v", err)
	}
	_ = c.SetReadDeadline(time.Time{})
	dir, _ := os.Getwd()
	req, err := json.Marshal(request{argv, os.Environ(), dir})
	if err != nil {
		return unreachable, err
	}
	if err := c.send(frameRequest, req); err != nil {
		return unreachable, err
	}
	go func() {
		_, _ = io.CopyBuffer(struct{ io.Writer }{stream{c, frameStdin}}, struct{ io.Reader }{os.Stdin}, make([]byte, 64<<10))
		_ = c.send(frameStdin, nil)
	}()
	for {
		kind, data, err := c.receive()
		if err != nil {
			return unreachable, fmt.Errorf("the connection broke: %v", err)
		}
		switch kind {
		case frameStdout:
			_, err = os.Stdout.Write(data)
		case frameStderr:
			_, err = os.Stderr.Write(data)
		case frameExit:
			return int(data[0]), nil
		}
		if err != nil {
			return unreachable, err
		}
	}
}

func main() {
	code, err := 2, errors.New("usage: vmexec serve ADDR | vmexec run ADDR COMMAND…")
	switch {
	case len(os.Args) == 3 && os.Args[1] == "serve":
		code, err = 1, serve(os.Args[2])
	case len(os.Args) > 3 && os.Args[1] == "run":
		code, err = run(os.Args[2], os.Args[3:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "vmexec:", err)
	}
	os.Exit(code)
}
