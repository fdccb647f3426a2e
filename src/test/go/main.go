// One run of go-tus or tusgo, whichever TUS_CLIENT names, for the matrix of clients; the command line is the one that all
// drivers have, see src/test/java/dev/narwhal/clients/Client.java.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

const (
	attempts = 120
	delay    = 500 * time.Millisecond
)

type options struct {
	store              string
	override           bool
	dataDuringCreation bool
	deferLength        bool
	checksum           bool
	parallel           int
}

type client interface {
	upload(file *os.File, size int64, creationURL string, o options) (string, error)
	terminate(uploadURL string) error
}

func main() {
	done, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("DONE", done)
}

func run(arguments []string) (string, error) {
	chosen, known := map[string]client{"go-tus": goTus{}, "tusgo": tusGo{}}[os.Getenv("TUS_CLIENT")]
	if !known {
		return "", fmt.Errorf("TUS_CLIENT must be go-tus or tusgo")
	}
	switch arguments[0] {
	case "upload":
		o, err := parse(arguments[3:])
		if err != nil {
			return "", err
		}
		return upload(chosen, arguments[1], arguments[2], o)
	case "terminate":
		return arguments[1], chosen.terminate(arguments[1])
	default:
		return "", fmt.Errorf("no such command: %s", arguments[0])
	}
}

func parse(arguments []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("upload", flag.ContinueOnError)
	flags.StringVar(&o.store, "store", "", "")
	flags.BoolVar(&o.override, "override", false, "")
	flags.BoolVar(&o.dataDuringCreation, "data-during-creation", false, "")
	flags.BoolVar(&o.deferLength, "defer-length", false, "")
	flags.BoolVar(&o.checksum, "checksum", false, "")
	flags.IntVar(&o.parallel, "parallel", 1, "")
	return o, flags.Parse(arguments)
}

func upload(chosen client, path string, creationURL string, o options) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	return chosen.upload(file, info.Size(), creationURL, o)
}

// Neither client tries anything again by itself.
func retry(action func() error) error {
	var err error
	for attempt := 0; attempt < attempts; attempt++ {
		if err = action(); err == nil {
			return nil
		}
		fmt.Fprintln(os.Stderr, "again after:", err)
		time.Sleep(delay)
	}
	return err
}
