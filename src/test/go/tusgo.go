package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"github.com/bdragon300/tusgo"
)

type tusGo struct{}

// A part of the file, and the upload that it goes into.
type part struct {
	offset, size int64
	upload       *tusgo.Upload
}

func (tusGo) upload(file *os.File, size int64, creationURL string, o options) (string, error) {
	client, err := newClient(creationURL, o)
	if err != nil {
		return "", err
	}
	metadata := map[string]string{"filename": filepath.Base(file.Name())}
	if size == 0 || o.dataDuringCreation {
		// CreateUpload panics for an empty file.
		return createWithData(client, file, size, metadata)
	}
	parts, err := createOrRecall(client, size, metadata, o)
	if err != nil {
		return "", err
	}
	streams := make([]*tusgo.UploadStream, len(parts))
	ended := make(chan error, len(parts))
	for i, each := range parts {
		streams[i] = newStream(client, each, o)
		go func() { ended <- send(streams[i], io.NewSectionReader(file, each.offset, each.size)) }()
	}
	for range parts {
		err = errors.Join(err, <-ended)
	}
	if err != nil || len(parts) == 1 {
		return resolve(client, parts[0].upload.Location), err
	}
	var final tusgo.Upload
	_, err = client.ConcatenateStreams(&final, streams, metadata)
	return resolve(client, final.Location), err
}

func newClient(creationURL string, o options) (*tusgo.Client, error) {
	base, err := url.Parse(creationURL)
	if err != nil {
		return nil, err
	}
	client := tusgo.NewClient(http.DefaultClient, base)
	if o.override {
		client.GetRequest = overriding
	}
	return client, nil
}

func overriding(method, url string, body io.Reader, _ *tusgo.Client, _ *http.Client) (*http.Request, error) {
	if method != http.MethodPatch {
		return http.NewRequest(method, url, body)
	}
	request, err := http.NewRequest(http.MethodPost, url, body)
	if err == nil {
		request.Header.Set("X-HTTP-Method-Override", method)
	}
	return request, err
}

func createWithData(client *tusgo.Client, file *os.File, size int64, metadata map[string]string) (string, error) {
	data, err := io.ReadAll(file)
	if err != nil {
		return "", err
	}
	var upload tusgo.Upload
	sent, _, err := client.CreateUploadWithData(&upload, data, size, false, metadata)
	if err == nil && sent != size {
		err = fmt.Errorf("%d of %d bytes were taken", sent, size)
	}
	return resolve(client, upload.Location), err
}

func createOrRecall(client *tusgo.Client, size int64, metadata map[string]string, o options) ([]part, error) {
	locations, err := recall(o.store)
	if err != nil {
		return nil, err
	}
	var parts []part
	for i := 0; i < o.parallel; i++ {
		offset := size * int64(i) / int64(o.parallel)
		each := part{offset, size*int64(i+1)/int64(o.parallel) - offset, &tusgo.Upload{Partial: o.parallel > 1}}
		if len(locations) > i {
			each.upload.Location = locations[i]
		} else if err := create(client, each, metadata, o); err != nil {
			return nil, err
		}
		each.upload.RemoteSize = each.size
		parts = append(parts, each)
	}
	return parts, remember(o.store, parts)
}

func create(client *tusgo.Client, each part, metadata map[string]string, o options) error {
	size := each.size
	if o.deferLength {
		size = tusgo.SizeUnknown
	}
	if each.upload.Partial {
		metadata = nil
	}
	_, err := client.CreateUpload(each.upload, size, each.upload.Partial, metadata)
	return err
}

func recall(store string) ([]string, error) {
	content, err := os.ReadFile(store)
	if store == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var locations []string
	return locations, errors.Join(err, json.Unmarshal(content, &locations))
}

func remember(store string, parts []part) error {
	if store == "" {
		return nil
	}
	var locations []string
	for _, each := range parts {
		locations = append(locations, each.upload.Location)
	}
	content, err := json.Marshal(locations)
	return errors.Join(err, os.WriteFile(store, content, 0o600))
}

func newStream(client *tusgo.Client, each part, o options) *tusgo.UploadStream {
	stream := tusgo.NewUploadStream(client, each.upload)
	stream.SetUploadSize = o.deferLength
	if o.checksum {
		stream = stream.WithChecksumAlgorithm("sha1")
	}
	return stream
}

// After an error the stream would send the same chunk at the same offset, although the server may have kept a part of it.
func send(stream *tusgo.UploadStream, source io.ReadSeeker) error {
	return retry(func() error {
		stream.ForceClean()
		if _, err := stream.Sync(); err != nil {
			return err
		}
		if _, err := source.Seek(stream.Tell(), io.SeekStart); err != nil {
			return err
		}
		_, err := stream.ReadFrom(source)
		fmt.Println("OFFSET", stream.Tell())
		return err
	})
}

func resolve(client *tusgo.Client, location string) string {
	reference, err := url.Parse(location)
	if err != nil {
		return location
	}
	return client.BaseURL.ResolveReference(reference).String()
}

func (tusGo) terminate(uploadURL string) error {
	client, err := newClient(uploadURL, options{})
	if err != nil {
		return err
	}
	_, err = client.DeleteUpload(tusgo.Upload{Location: uploadURL})
	return err
}
