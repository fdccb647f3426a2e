package main

import (
	"errors"
	"fmt"
	"os"

	tus "github.com/eventials/go-tus"
	"github.com/eventials/go-tus/leveldbstore"
	"github.com/eventials/go-tus/memorystore"
)

type goTus struct{}

func (goTus) upload(file *os.File, size int64, creationURL string, o options) (string, error) {
	store, err := openStore(o.store)
	if err != nil {
		return "", err
	}
	config := tus.DefaultConfig()
	config.Resume = true
	config.Store = store
	config.OverridePatchMethod = o.override
	client, err := tus.NewClient(creationURL, config)
	if err != nil {
		return "", err
	}
	upload, err := tus.NewUploadFromFile(file)
	if err != nil {
		return "", err
	}
	var url string
	err = retry(func() error {
		uploader, err := client.CreateOrResumeUpload(upload)
		if err != nil {
			return err
		}
		url = uploader.Url()
		for uploader.Offset() < size {
			if err := uploader.UploadChunck(); err != nil {
				return err
			}
			fmt.Println("OFFSET", uploader.Offset())
		}
		return nil
	})
	return url, err
}

// A store is never closed: the Close of leveldbstore calls itself without end.
func openStore(path string) (tus.Store, error) {
	if path == "" {
		return memorystore.NewMemoryStore()
	}
	return leveldbstore.NewLeveldbStore(path)
}

func (goTus) terminate(string) error {
	return errors.New("go-tus has no call for it")
}
