# The cluster's network. Sourced by ../cluster.

# The network: a switch (a bridge in a network namespace, so that no firewall of the host sees its frames), one link
# from it to the host, one to each node.
switch() {
  [ ! -e "/run/netns/$name-switch" ] || return 0
  ip netns add "$name-switch"
  ip -n "$name-switch" link add br0 type bridge
  ip link add "$name" type veth peer name host netns "$name-switch"
  ip -n "$name-switch" link set host master br0
  for each in br0 host; do ip -n "$name-switch" link set "$each" up; done
  ip addr add "$net.0.1/24" dev "$name"
  ip link set "$name" up
}
plug() { # N
  local space=$name-node-$1
  [ ! -e "/run/netns/$space" ] || return 0
  ip netns add "$space"
  ip -n "$name-switch" link add "node-$1" type veth peer name eth0 netns "$space"
  ip -n "$name-switch" link set "node-$1" master br0 up
  ip -n "$space" addr add "$net.0.$((10 + $1))/24" dev eth0
  ip -n "$space" link set eth0 up
  ip -n "$space" link set lo up
  ip -n "$space" route add default via "$net.0.1"    # leads nowhere, but the kernel wants a route to a Service
  ip netns exec "$space" sysctl -qw net.ipv4.ip_forward=1
}
routes() {
  local a b
  for b in $(nodes); do
    ip route replace "$net.$((64 + ${b#node-})).0/24" via "$net.0.$((10 + ${b#node-}))"
    for a in $(nodes); do
      [ "$a" = "$b" ] || ip -n "$name-$a" route replace "$net.$((64 + ${b#node-})).0/24" via "$net.0.$((10 + ${b#node-}))"
    done
  done
  ip route replace "$services" via "$api"
}
