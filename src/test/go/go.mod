module tus-client-driver

go 1.22.0

require (
	github.com/bdragon300/tusgo v0.1.2
	github.com/eventials/go-tus v0.0.0-20220610120217-05d0564bb571
)

require (
	github.com/golang/snappy v0.0.0-20180518054509-2e65f85255db // indirect
	github.com/syndtr/goleveldb v1.0.0 // indirect
)
