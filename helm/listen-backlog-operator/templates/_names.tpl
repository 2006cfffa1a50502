{{- define "operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* A name of the cluster's that no release or value changes: by it Helm refuses a second installation, which would write the
     same NodeBacklogs and the same journals. */}}
{{- define "operator.alone" -}}
listen-backlog-operator-{{ . }}
{{- end }}

{{/* The entries of several mappings as those of one, in which no key is twice: of two the later counts. */}}
{{- define "operator.merged" -}}
{{- $merged := dict -}}
{{- range . }}{{ range $key, $value := . }}{{ $_ := set $merged $key $value }}{{ end }}{{ end -}}
{{- toYaml $merged -}}
{{- end }}

{{/* What selects all pods of the release. */}}
{{- define "operator.selector.all" -}}
app.kubernetes.io/name: listen-backlog-operator
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* What selects the pods of a component: (list . "probe") */}}
{{- define "operator.selector" -}}
{{ include "operator.selector.all" (index . 0) }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of all that belongs to a component, (list . "probe"), and more of an object's own, (list . "probe" .Values.probe.podLabels).
     Nobody but the chart says by what its pods are selected. */}}
{{- define "operator.labels" -}}
{{- $root := index . 0 -}}
{{- $chart := dict "app.kubernetes.io/version" $root.Chart.AppVersion
    "app.kubernetes.io/managed-by" $root.Release.Service
    "helm.sh/chart" (printf "%s-%s" $root.Chart.Name ($root.Chart.Version | replace "+" "_")) -}}
{{- $selector := include "operator.selector" . | fromYaml -}}
{{- include "operator.merged" (concat (list $chart $root.Values.commonLabels) (slice . 2) (list $selector)) -}}
{{- end }}

{{/* Labels of what belongs to no component, (list .), and more of the user's for this object, (list . .Values.podMonitor.labels) */}}
{{- define "operator.labels.all" -}}
{{- $root := index . 0 -}}
{{- $selector := include "operator.selector.all" $root | fromYaml -}}
{{- include "operator.merged" (concat (list $selector $root.Values.commonLabels) (slice . 1)) -}}
{{- end }}

{{/* Which nodes a pod may run on: the argument is what the user says of it. */}}
{{- define "operator.nodeSelector" -}}
{{- include "operator.merged" (list (dict "kubernetes.io/os" "linux") .) -}}
{{- end }}

{{- define "operator.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* A container that needs nothing of its node: the "restricted" Pod Security Standard. */}}
{{- define "operator.restricted" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
privileged: false
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{/* The probe's capabilities. What each is for, and what fails without it: docs/operations.md. */}}
{{- define "operator.probe.capabilities" -}}
- SYS_ADMIN
- SYS_PTRACE
- SYSLOG
- DAC_READ_SEARCH
{{- if .Values.probe.unixListenersOfAllUsers }}
- SETUID
- SETGID
{{- end }}
{{- end }}

{{/*
The kubelet's questions; both parts answer the same ones. The argument is how many seconds a start may take: on a node that
boots, where all starts at once, a JVM was seen to need minutes.
*/}}
{{- define "operator.health" -}}
startupProbe:
  httpGet: {path: /livez, port: health}
  periodSeconds: 1
  timeoutSeconds: 5
  failureThreshold: {{ . }}
readinessProbe:
  httpGet: {path: /readyz, port: health}
  periodSeconds: 2
livenessProbe:
  httpGet: {path: /livez, port: health}
  periodSeconds: 10
  timeoutSeconds: 5
{{- end }}

{{/* Annotations of what lives only for the time of a helm uninstall; the argument orders it. */}}
{{- define "operator.hook" -}}
helm.sh/hook: pre-delete
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
{{- end }}

{{/* Annotations of what lives only for the time of a helm test; the argument orders it. What fails stays, with its log. */}}
{{- define "operator.testhook" -}}
helm.sh/hook: test
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
{{- end }}

{{/* Whose token it is that asks for the metrics, and whether he may. */}}
{{- define "operator.reviews" -}}
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
- apiGroups: [authorization.k8s.io]
  resources: [subjectaccessreviews]
  verbs: [create]
{{- end }}
