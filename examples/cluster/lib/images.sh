# Container images, without a container engine. Sourced by ../cluster.

# archive NAME CMD_JSON DIR OUT.tar: DIR/layer.tar, a file system, becomes an image in the form of `docker save`; DIR goes
archive() {
  local dir=$3 id
  id=$(sha256sum <"$dir/layer.tar" | cut -d' ' -f1)
  cat >"$dir/config.json" <<END
{"architecture": "$(dpkg --print-architecture)", "os": "linux",
 "config": {"Cmd": $2, "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$id"]}}
END
  printf '[{"Config": "config.json", "RepoTags": ["%s"], "Layers": ["layer.tar"]}]' "$1" >"$dir/manifest.json"
  tar -C "$dir" -cf "$dir/image.tar" manifest.json config.json layer.tar
  mv "$dir/image.tar" "$4"                            # whole, or not there
  rm -r "$dir"
}
image() {
  [ $# -ge 4 ] || die "$usage"
  root
  need mmdebstrap:mmdebstrap
  local tag=$1 out cmd=$3 dir suite
  out=$(readlink -f "$2")
  shift 3
  [[ ${tag##*/} == *:* ]] || tag=$tag:latest
  case ${tag%%/*} in
    "$tag") tag=docker.io/library/$tag ;;
    *.* | *:* | localhost) ;;
    *) tag=docker.io/$tag ;;
  esac
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  [ -n "$suite" ] || die "images are made from packages of Debian or Ubuntu, and this is neither"
  dir=$(mktemp -d "$out.XXXXXX")
  trap "rm -rf $(printf %q "$dir")" EXIT
  during "making $tag from $*" mmdebstrap --quiet --variant=extract --include="$(IFS=, && echo "$*")" \
    --extract-hook='cd "$1"
      mkdir -p tmp etc && chmod 1777 tmp
      [ -s etc/passwd ] || echo root:x:0:0:root:/root:/bin/sh >etc/passwd
      grep -q ^nobody: etc/passwd || echo nobody:x:65534:65534:nobody:/nonexistent:/bin/sh >>etc/passwd
      for each in dash bash busybox; do [ -e bin/sh ] || [ ! -e bin/$each ] || ln -s $each bin/sh; done
      rm -rf usr/share/doc usr/share/man usr/share/info usr/share/locale var/cache/apt var/lib/apt/lists' \
    "$suite" "$dir/layer.tar"                          # mmdebstrap writes a tar only if the name says so
  archive "$tag" "$cmd" "$dir" "$out"
  say "$tag: $(($(stat -c %s "$out") >> 20)) MiB in $out"
}
