# What clusters share on their machine, and what it must provide. Sourced by ../cluster.

# What clusters change for the whole machine (sysctls that a kubelet sets, folders to mount on): the first one records it,
# the last one to go restores it. Never earlier: removing a folder takes the mounts of the others with it.
tunables=(vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops
  kernel.keys.root_maxkeys kernel.keys.root_maxbytes)
register() {
  local each
  exec 7</run
  flock 7
  if [ ! -d "$registry" ]; then
    mkdir "$registry"
    sysctl "${tunables[@]}" 2>/dev/null | sed 's/ = /=/' >"$registry/.tunables"
    mountpoint -q /run/netns || touch "$registry/.made-netns"
    for each in $folders; do [ -d "$each" ] || echo "$each"; done >"$registry/.made"
  fi
  [ -z "$(owner)" ] || [ "$(owner)" = "$home" ] || taken
  echo "$home" >"$registry/$name"
  exec 7<&-
}
owner() { cat "$registry/$name" 2>/dev/null || true; }
taken() { die "another cluster is called $name, its CLUSTER_HOME is $(owner): set CLUSTER_NAME"; }
unregister() {
  local each
  exec 7</run
  flock 7
  rm -f "$registry/$name"
  if [ -d "$registry" ] && [ -z "$(ls "$registry")" ]; then
    while read -r each; do sysctl -qw "$each" || true; done <"$registry/.tunables"
    sort -r "$registry/.made" | while read -r each; do rmdir "$each" 2>/dev/null || true; done
    if [ -f "$registry/.made-netns" ] && [ -z "$(ls -A /run/netns)" ]; then umount /run/netns && rmdir /run/netns; fi
    rm -r "$registry"
  fi
  exec 7<&-
}
# Ours is what the home and the registry list; anything else with this name or these addresses belongs to somebody else.
unused() {
  local each free
  [ -z "$(owner)" ] || [ "$(owner)" = "$home" ] || taken
  [ ! -d "$(tracked)" ] && [ ! -e "/run/netns/$name-switch" ] && [ ! -e "/sys/class/net/$name" ] ||
    die "something here is called $name already (a cgroup, a link or a network namespace): set CLUSTER_NAME"
  [ -n "$(addresses "$net")" ] || return 0
  for each in {214..250}; do
    [ -n "$(addresses "10.$each")" ] || { free=10.$each; break; }
  done
  die "$net.0.0/16 is in use here ($(addresses "$net" | head -1)): set CLUSTER_NET${free:+, for instance to $free}"
}
addresses() { # NET: the routes and addresses in it or around it
  { ip -4 route show table all root "$1.0.0/16"; ip -4 route show table all match "$1.0.0/16"; } |
    grep -v ^default || true
}
able() {
  [ -n "$(hierarchies)" ] || die "no cgroups: nothing is mounted at /sys/fs/cgroup"
  unshare --mount --uts --net true 2>/dev/null ||
    die "may not make namespaces, though root: is this a container? It needs CAP_SYS_ADMIN and CAP_NET_ADMIN"
  [ -w "$(dirname "$(tracked)")" ] || die "may not make cgroups: $(dirname "$(tracked)") is read-only"
}
