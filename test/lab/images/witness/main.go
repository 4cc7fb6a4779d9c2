// witness does one thing with the signals that ask a program to stop, and keeps a record of those it is given.
//
//	witness graceful SECONDS [SIGNAL]   works for SECONDS after one (after SIGNAL alone), and ends with 0
//	witness plain                       leaves them to the Go runtime
//	witness ignore                      ignores them
//
// The record is the file named by WITNESS_LOG: lines "<milliseconds since 1970> <own pid> <what>", where <what> is start
// (bare, where it would not notice a signal), the name of a signal, or end.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

var names = map[os.Signal]string{
	syscall.SIGHUP:   "SIGHUP",
	syscall.SIGINT:   "SIGINT",
	syscall.SIGQUIT:  "SIGQUIT",
	syscall.SIGTERM:  "SIGTERM",
	syscall.SIGWINCH: "SIGWINCH",
}

func main() {
	switch mode := argument(1); mode {
	case "graceful":
		seconds, err := strconv.ParseFloat(argument(2), 64)
		fail(err)
		got := make(chan os.Signal, 16)
		signal.Notify(got, chosen()...)
		record("start")
		record(names[<-got])
		time.Sleep(time.Duration(seconds * float64(time.Second)))
		record("end")
	case "plain":
		record("bare")
		forever()
	case "ignore":
		signal.Ignore(chosen()...)
		record("bare")
		forever()
	default:
		fail(fmt.Errorf("it does not know %q", mode))
	}
}

func chosen() []os.Signal {
	var signals []os.Signal
	for s, name := range names {
		if len(os.Args) <= 3 || os.Args[3] == name {
			signals = append(signals, s)
		}
	}
	return signals
}

// A select without cases would end the program: the Go runtime takes it for a deadlock.
func forever() {
	for {
		time.Sleep(time.Hour)
	}
}

// One write for each line, since other witnesses may write to the same file.
func record(what string) {
	file, err := os.OpenFile(os.Getenv("WITNESS_LOG"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	fail(err)
	_, err = fmt.Fprintf(file, "%d %d %s\n", time.Now().UnixMilli(), os.Getpid(), what)
	fail(err)
	fail(file.Close())
}

func argument(n int) string {
	if len(os.Args) <= n {
		fail(fmt.Errorf("it needs %d words", n))
	}
	return os.Args[n]
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "witness:", err)
		os.Exit(70)
	}
}
