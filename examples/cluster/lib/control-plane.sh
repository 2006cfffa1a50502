# Keys, etcd, the API server and what runs beside it. Sourced by ../cluster.

user() { # NAME CLIENT_NAME [GROUP]: a kubeconfig
  [ -s "$run/conf/$1.conf" ] || kubeadm kubeconfig user --config "$run/conf/kubeadm.yaml" --client-name "$2" \
    ${3:+--org "$3"} >"$run/conf/$1.conf" 2>>"$run/conf/kubeadm.log"
}
credentials() {
  [ ! -s "$KUBECONFIG" ] || return 0
  local api_version=kubeadm.k8s.io/v1beta4
  at_least 1.31 "$kubernetes" || api_version=kubeadm.k8s.io/v1beta3
  mkdir -p "$run/conf"
  put "$run/conf/kubeadm.yaml" <<END
apiVersion: $api_version
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: $api, bindPort: 6443}
nodeRegistration: {name: node-1, criSocket: unix:///run/containerd/containerd.sock}
---
apiVersion: $api_version
kind: ClusterConfiguration
clusterName: $name
kubernetesVersion: $version
certificatesDir: $run/pki
networking: {serviceSubnet: $services, podSubnet: $pods}
apiServer: {certSANs: [localhost, 127.0.0.1]}
END
  kubeadm init phase certs all --config "$run/conf/kubeadm.yaml" >>"$run/conf/kubeadm.log" 2>&1
  for each in super-admin controller-manager scheduler; do
    kubeadm init phase kubeconfig "$each" --config "$run/conf/kubeadm.yaml" --kubeconfig-dir "$run/conf" \
      >>"$run/conf/kubeadm.log" 2>&1
  done
  user proxy system:kube-proxy
  user dns system:coredns
  install -m 600 "$run/conf/super-admin.conf" "$KUBECONFIG"
}
control_plane() {
  local pki=$run/pki conf=$run/conf
  spawn node-1 etcd nsenter --net="/run/netns/$name-node-1" etcd --data-dir "$run/node-1/disk/etcd" --unsafe-no-fsync \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380
  spawn node-1 kube-apiserver nsenter --net="/run/netns/$name-node-1" kube-apiserver --etcd-servers=http://127.0.0.1:2379 \
    --advertise-address="$api" --service-cluster-ip-range="$services" --allow-privileged=true \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --kubelet-preferred-address-types=InternalIP \
    --client-ca-file="$pki/ca.crt" --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
    --kubelet-client-certificate="$pki/apiserver-kubelet-client.crt" \
    --kubelet-client-key="$pki/apiserver-kubelet-client.key" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
    --requestheader-client-ca-file="$pki/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
    --requestheader-username-headers=X-Remote-User \
    --proxy-client-cert-file="$pki/front-proxy-client.crt" --proxy-client-key-file="$pki/front-proxy-client.key"
  await 60 "API server" kubectl get --raw /readyz
  spawn node-1 kube-controller-manager nsenter --net="/run/netns/$name-node-1" kube-controller-manager --leader-elect=false \
    --kubeconfig="$conf/controller-manager.conf" --authentication-kubeconfig="$conf/controller-manager.conf" \
    --authorization-kubeconfig="$conf/controller-manager.conf" --use-service-account-credentials \
    --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" \
    --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key"
  spawn node-1 kube-scheduler nsenter --net="/run/netns/$name-node-1" kube-scheduler --leader-elect=false \
    --kubeconfig="$conf/scheduler.conf" --authentication-kubeconfig="$conf/scheduler.conf" \
    --authorization-kubeconfig="$conf/scheduler.conf"
}
# The API server may ask kubelets (logs, exec) as the user of its certificate: the group that older kubeadms put it in is
# gone in 1.37. DNS runs beside the control plane, not in pods: a Service without a selector leads to it.
addons() {
  ! alive node-1 coredns || return 0
  put "$run/conf/Corefile" <<END
.:53 {
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig "$run/conf/dns.conf"
  }
}
END
  spawn node-1 coredns nsenter --net="/run/netns/$name-node-1" coredns -conf "$run/conf/Corefile"
  kubectl apply --server-side -f - >/dev/null <<END
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: kubeadm:apiserver-kubelet-client}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:kubelet-api-admin}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: kube-apiserver-kubelet-client}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: system:coredns}
rules:
- {apiGroups: [""], resources: [services, namespaces, pods], verbs: [list, watch]}
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: system:coredns}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:coredns}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: system:coredns}]
---
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec:
  clusterIP: $net.255.10
  ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kube-dns, namespace: kube-system, labels: {kubernetes.io/service-name: kube-dns}}
addressType: IPv4
ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]
endpoints: [{addresses: [$api]}]
END
}
