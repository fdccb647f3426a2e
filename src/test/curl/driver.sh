#!/usr/bin/env bash
# tus by hand, with curl, for the matrix of clients; the command line is the one that all drivers have, see
# src/test/java/dev/narwhal/clients/Client.java. Nothing but curl and coreutils.
set -euo pipefail

attempts=120
delay=0.5

tus() {
  curl -sS --fail -H 'Tus-Resumable: 1.0.0' "$@"
}

# header NAME: its value in the head that comes on standard input.
header() {
  tr -d '\r' | sed -n "s/^$1: //Ip"
}

# create CURL_OPTION...: the URL of a new upload. Location may be a path.
create() {
  local location
  location=$(tus -o /dev/null -D - -X POST -H "Upload-Metadata: filename $(basename "$file" | tr -d '\n' | base64 -w 0)" \
    "$@" "$endpoint" | header Location)
  case $location in
    /*) echo "$(cut -d/ -f1-3 <<<"$endpoint")$location" ;;
    *) echo "$location" ;;
  esac
}

# The same, again and again: of a creation whose answer is lost nobody knows the URL.
create_patiently() {
  local attempt url
  for ((attempt = 0; attempt < attempts; attempt++)); do
    if url=$(create "$@") && [[ $url == */*/* ]]; then
      echo "$url"
      return
    fi
    sleep "$delay"
  done
  return 1
}

# patch OFFSET CURL_OPTION...
patch() {
  local method=(-X PATCH)
  if [[ -n $override ]]; then
    method=(-X POST -H 'X-HTTP-Method-Override: PATCH')
  fi
  tus "${method[@]}" -H "Upload-Offset: $1" -H 'Content-Type: application/offset+octet-stream' "${@:2}"
}

# send URL FILE: asks how much has arrived and sends the rest, until it is all there.
send() {
  local size offset attempt
  size=$(stat -c %s "$2")
  for ((attempt = 0; attempt < attempts; attempt++)); do
    if offset=$(tus -I "$1" | header Upload-Offset) && [[ -n $offset ]]; then
      echo "OFFSET $offset"
      if ((offset == size)); then
        return
      fi
      if patch "$offset" -C "$offset" -T "$2" "$1"; then
        continue
      fi
    fi
    sleep "$delay"
  done
  return 1
}

# A stream that nobody knows the length of: it is sent in chunks, and told afterwards.
deferred() {
  local url
  url=$(create -H 'Upload-Defer-Length: 1')
  patch 0 -T - "$url" <"$file"
  patch "$length" -H "Upload-Length: $length" --data-binary '' "$url"
  echo "DONE $url"
}

with_creation() {
  echo "DONE $(create -H "Upload-Length: $length" -H 'Content-Type: application/offset+octet-stream' -T "$file")"
}

# In so many parts at once, which the server joins. Their URLs are kept in the store, one a line.
in_parts() {
  local parts=() urls=() pids=() i
  split -n "$1" "$file" "$scratch/part."
  parts=("$scratch"/part.*)
  if [[ -n $store && -s $store ]]; then
    mapfile -t urls <"$store"
  else
    for i in "${!parts[@]}"; do
      urls[i]=$(create -H "Upload-Length: $(stat -c %s "${parts[i]}")" -H 'Upload-Concat: partial')
    done
    if [[ -n $store ]]; then
      printf '%s\n' "${urls[@]}" >"$store"
    fi
  fi
  for i in "${!parts[@]}"; do
    send "${urls[i]}" "${parts[i]}" &
    pids[i]=$!
  done
  for i in "${!pids[@]}"; do
    wait "${pids[i]}"
  done
  echo "DONE $(create -H "Upload-Concat: final;${urls[*]}")"
}

# One PATCH, which the server compares with its digest before it keeps it.
with_checksum() {
  local url digest
  url=$(create -H "Upload-Length: $length")
  digest=$(sha1sum "$file" | cut -d' ' -f1 | tr a-f A-F | basenc --base16 --decode | base64)
  patch 0 -H "Upload-Checksum: sha1 $digest" -T "$file" "$url"
  echo "DONE $url"
}

whole() {
  local url
  if [[ -n $store && -s $store ]]; then
    url=$(<"$store")
  else
    url=$(create_patiently -H "Upload-Length: $length")
    if [[ -n $store ]]; then
      echo "$url" >"$store"
    fi
  fi
  send "$url" "$file"
  echo "DONE $url"
}

command=$1
if [[ $command == terminate ]]; then
  tus -X DELETE "$2"
  echo "DONE $2"
  exit
fi
file=$2 endpoint=$3
shift 3
length=$(stat -c %s "$file")
how=whole override='' store=''
while (($#)); do
  case $1 in
    --store) store=$2 && shift ;;
    --parallel) how="in_parts $2" && shift ;;
    --defer-length) how=deferred ;;
    --checksum) how=with_checksum ;;
    --data-during-creation) how=with_creation ;;
    --override) override=yes ;;
    *) echo "no such option: $1" >&2 && exit 2 ;;
  esac
  shift
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Word splitting is meant: the number of parts is the function's operand.
$how
