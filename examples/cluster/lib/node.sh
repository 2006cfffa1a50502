# Nodes: their machine, containerd, kubelet and kube-proxy. Sourced by ../cluster.

plugins() { for dir in /usr/lib/cni /opt/cni/bin /usr/libexec/cni; do [ ! -x $dir/ptp ] || { echo $dir; return; }; done; }
nodes() { local dir; for dir in "$run"/node-*; do [ ! -d "$dir" ] || basename "$dir"; done | sort -t- -k2n; }
in_node() { local node=$1; shift; nsenter --target "$(<"$run/$node/machine.pid")" --mount --uts --net "$@"; }

# A node's machine: a process that holds its mounts and its host name. The folders that a kubelet and a containerd
# write to are the node's own, so nodes don't share them and no mount of theirs is seen outside.
folders="/var/lib/kubelet /var/lib/containerd /var/lib/cni /var/log/pods /var/log/containers"
machine() { # NODE
  local node=$1 each
  ! alive "$node" machine || return 0
  for each in $folders; do
    mkdir -p "$each" "$run/$node/disk$each"
  done
  rm -f "$run/$node/booted"
  spawn "$node" machine nsenter --net="/run/netns/$name-$node" unshare --mount --uts --propagation slave bash -ec '
    hostname "$1"
    mount --make-rshared /
    mount -t tmpfs -o mode=755 tmpfs /run
    for each in $3; do mount --bind "$2/disk$each" "$each"; done
    touch "$2/booted"
    exec sleep infinity' - "$node" "$run/$node" "$folders"
  await 10 "machine of $node" test -f "$run/$node/booted"
}
containers() { # NODE
  local node=$1 n=${1#node-} snapshotter=overlayfs
  [ "$(stat -f -c %T "$run")" != overlayfs ] || snapshotter=native    # no overlay on an overlay
  mkdir -p "$run/$node/cni"
  put "$run/$node/cni/10-pods.conflist" <<END
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "ptp", "ipMasq": false, "ipam": {"type": "host-local",
    "ranges": [[{"subnet": "$net.$((64 + n)).0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
END
  put "$run/$node/containerd.toml" <<END
version = 2
disabled_plugins = ["io.containerd.internal.v1.opt"]    # it makes a folder in /opt
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true    # else no pod starts without CAP_SYS_RESOURCE
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$(plugins)"
    conf_dir = "$run/$node/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  # For a RuntimeClass: what "cluster gvisor" builds.
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc.options]
      BinaryName = "runsc-as-runc"
END
  spawn "$node" containerd nsenter --target "$(<"$run/$node/machine.pid")" --mount --uts --net \
    containerd --config "$run/$node/containerd.toml"
}
ctr() { local node=$1; shift; in_node "$node" ctr --namespace k8s.io "$@"; }
load_on() { # NODE IMAGE.tar...
  local node=$1 image
  shift
  for image; do ctr "$node" images import "$image" >>"$run/$node/log/import.log" 2>&1 || die "$node: cannot import $image"; done
}

first_images() { # NODE: the pause image for the first, all that the first has for one that joins
  [ -z "$(ctr "$1" images ls -q name==localhost/pause:1)" ] || return 0
  if [ "$1" != node-1 ]; then
    ctr node-1 images export - $(ctr node-1 images ls -q | grep -v ^sha256:) |
      ctr "$1" images import - >>"$run/$1/log/import.log" 2>&1 || die "$1: cannot copy the images of node-1"
    return
  fi
  mkdir -p "$run/pause"
  tar -C "$bin" -cf "$run/pause/layer.tar" pause
  archive localhost/pause:1 '["/pause"]' "$run/pause" "$run/pause.tar"
  load_on node-1 "$run/pause.tar"
}
daemons() { # NODE
  local node=$1 n=${1#node-}
  user "$node" "system:node:$node" system:nodes
  put "$run/$node/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $run/pki/ca.crt}}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /$name/$node
failCgroupV1: false    # the default of 1.35 and newer is true; 1.30 does not know it, and says so in its log
failSwapOn: false
oomScoreAdj: 0
clusterDNS: [$net.255.10]
clusterDomain: cluster.local
resolvConf: ""
volumePluginDir: /var/lib/kubelet/volume-plugins
imageGCHighThresholdPercent: 100
maxPods: 200
evictionHard: {memory.available: 50Mi, nodefs.available: "1%", imagefs.available: "1%"}
END
  put "$run/$node/proxy.yaml" <<END
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clientConnection: {kubeconfig: $run/conf/proxy.conf}
clusterCIDR: $pods
hostnameOverride: $node
oomScoreAdj: 0
conntrack: {maxPerCore: 0}
$(at_least 1.31 "$kubernetes" || echo 'featureGates: {NFTablesProxyMode: true}')
END
  spawn "$node" kubelet nsenter --target "$(<"$run/$node/machine.pid")" --mount --uts --net kubelet \
    --config="$run/$node/kubelet.yaml" --kubeconfig="$run/conf/$node.conf" \
    --hostname-override="$node" --node-ip="$net.0.$((10 + n))"
  spawn "$node" kube-proxy nsenter --target "$(<"$run/$node/machine.pid")" --mount --uts --net kube-proxy \
    --config="$run/$node/proxy.yaml"
}
