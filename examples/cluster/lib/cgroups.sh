# The processes of a cluster, and the cgroups that identify them. Sourced by ../cluster.

# Cgroups. Every process of the cluster is below a cgroup of its own: that identifies it as ours, and keeps this
# kubelet's pods apart from those of any other kubelet here, which would remove them as strays.
hierarchies() {
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then echo /sys/fs/cgroup; else
    local dir
    for dir in /sys/fs/cgroup/*/; do ! mountpoint -q "$dir" || echo "${dir%/}"; done
  fi
}
tracked() { if [ -d /sys/fs/cgroup/pids ]; then echo "/sys/fs/cgroup/pids/$name"; else echo "/sys/fs/cgroup/$name"; fi; }
make_cgroups() { # NODE
  local dir each
  for dir in $(hierarchies); do
    mkdir -p "$dir/$name/$1"
    [ -f "$dir/cgroup.controllers" ] || continue
    for each in $(cat "$dir/cgroup.controllers"); do
      echo "+$each" >"$dir/cgroup.subtree_control"
      echo "+$each" >"$dir/$name/cgroup.subtree_control"
    done 2>/dev/null || true
  done
  mkdir -p "$(tracked)/$1/system"
}
ours() { find "$(tracked)" -name cgroup.procs -exec cat {} + 2>/dev/null; }

alive() { # NODE PROCESS
  local pid
  pid=$(cat "$run/$1/$2.pid" 2>/dev/null) && grep -qs "/$name/$1/system$" "/proc/$pid/cgroup"
}
spawn() { # NODE PROCESS COMMAND...: unless it runs
  local node=$1 process=$2
  shift 2
  ! alive "$node" "$process" || return 0
  setsid bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$(tracked)/$node/system" "$@" \
    >>"$run/$node/log/$process.log" 2>&1 </dev/null 7>&- 8>&- 9>&- &
  echo $! >"$run/$node/$process.pid"
  disown
}
stop() { # NODE PROCESS...: SIGTERM, and SIGKILL for what is there 3 s later
  local node=$1 process n
  shift
  for process; do ! alive "$node" "$process" || kill "$(<"$run/$node/$process.pid")" || true; done
  for process; do
    for ((n = 0; n < 30; n++)); do
      alive "$node" "$process" || continue 2
      sleep 0.1
    done
    kill -KILL "$(<"$run/$node/$process.pid")" 2>/dev/null || true
  done
}
