#!/bin/sh
# Writes the descriptor set of the Envoy and Istio APIs: run.sh <target.fds.bin>. Needs Go 1.26 and its module proxy; about two minutes the first time.
# Raise the versions here when a new Envoy is to be known, then run tools/schema/generate.mjs with the file.
set -eu
target=$(realpath -m "${1:?usage: run.sh <target.fds.bin>}")
envoy=v1.40.0
istio=v1.31.1
xds=v0.0.0-20260202195803-dba9d589def2
protobuf=v1.36.12
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$(dirname "$0")/main.go" "$work/"
cd "$work"
go mod init dumpdescriptors
go get "github.com/envoyproxy/go-control-plane/envoy@$envoy" "istio.io/api@$istio" "github.com/cncf/xds/go@$xds" "google.golang.org/protobuf@$protobuf"
{
  echo 'package main'
  echo 'import ('
  # Every folder with generated code: packages of services and of messages alike.
  for module in github.com/envoyproxy/go-control-plane/envoy github.com/cncf/xds/go istio.io/api; do
    folder=$(go list -m -f '{{.Dir}}' "$module")
    find "$folder" -name '*.pb.go' -exec dirname {} + | sort -u | sed "s|^$folder|	_ \"$module|; s|\$|\"|"
  done
  echo ')'
} > imports.go
go mod tidy
# Two modules may register one file under the same name; the first is enough.
GOLANG_PROTOBUF_REGISTRATION_CONFLICT=warn go run . "$target"
