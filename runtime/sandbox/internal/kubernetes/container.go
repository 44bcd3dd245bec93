package kubernetes

import (
	"fmt"
	"strings"
)

// container checks a container of a pod that has these volumes.
func (n node) container(volumes map[string]bool) {
	n.required("name", "image")
	n.form("name", dnsLabel)
	n.form("image", func(image string) string {
		if strings.TrimSpace(image) != image {
			return "must not have leading or trailing whitespace"
		}
		return ""
	})
	n.oneOf("imagePullPolicy", "Always", "Never", "IfNotPresent")
	n.oneOf("terminationMessagePolicy", "File", "FallbackToLogsOnError")
	n.containerPorts()
	n.environment()
	n.resources("resources")
	n.mounts(volumes)
	for _, probe := range []string{"livenessProbe", "readinessProbe", "startupProbe"} {
		n.probe(probe)
	}
	for _, hook := range []string{"postStart", "preStop"} {
		if l := n.object("lifecycle"); l.in.Has(hook) {
			l.object(hook).handler("exec", "httpGet", "tcpSocket", "sleep")
		}
	}
	s := n.object("securityContext")
	s.atLeast("runAsUser", 0)
	s.atLeast("runAsGroup", 0)
	if s.in.Bool("privileged") && s.in.Known("allowPrivilegeEscalation") && !s.in.Bool("allowPrivilegeEscalation") {
		s.report("allowPrivilegeEscalation", "Invalid value: false: cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
	}
}

func (n node) containerPorts() {
	ports := n.list("ports")
	for _, p := range ports {
		p.required("containerPort")
		p.port("containerPort")
		p.port("hostPort")
		p.form("name", portName)
		p.oneOf("protocol", "TCP", "UDP", "SCTP")
	}
	unique(ports, textOf("name"), "name")
	// The fields that tell a list's entries apart in a server-side apply.
	unique(ports, func(p node) (string, bool) {
		number, ok := p.in.Number("containerPort")
		return fmt.Sprintf("%v/%s", number, protocol(p.in)), ok
	}, "containerPort")
}

// environment checks a container's variables.
func (n node) environment() {
	variables := n.list("env")
	unique(variables, textOf("name"), "name")
	for _, v := range variables {
		v.required("name")
		v.form("name", variableName)
		if !v.in.Has("valueFrom") {
			continue
		}
		if s, known := v.text("value"); known && s != "" {
			v.report("valueFrom", "Invalid value: \"\": may not be specified when `value` is not empty")
		}
		from := v.object("valueFrom")
		from.exactlyOne("", "Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
			"Invalid value: \"\": may not have more than one field specified at a time", "fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef")
		for _, ref := range []string{"configMapKeyRef", "secretKeyRef"} {
			if from.in.Has(ref) {
				from.object(ref).required("key")
			}
		}
		if from.in.Has("fieldRef") {
			from.object("fieldRef").required("fieldPath")
		}
	}
	for _, f := range n.list("envFrom") {
		f.exactlyOne("", "Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`",
			"Invalid value: \"\": may not have more than one field specified at a time", "configMapRef", "secretRef")
	}
}

// resources checks what a container asks for and may have.
func (n node) resources(key string) {
	r := n.object(key)
	r.amounts("requests")
	r.amounts("limits")
	for name, v := range r.in.Object("requests") {
		asked, isText := v.(string)
		limit, limited := r.in.Object("limits")[name].(string)
		if !isText || !limited {
			continue
		}
		a, ok1 := quantity(asked)
		b, ok2 := quantity(limit)
		if ok1 && ok2 && a.Cmp(b) > 0 {
			r.report("requests", "Invalid value: %q: must be less than or equal to %s limit of %s", asked, name, limit)
		}
	}
}

// mounts checks where a container finds the pod's volumes.
func (n node) mounts(volumes map[string]bool) {
	mounts := n.list("volumeMounts")
	unique(mounts, textOf("mountPath"), "mountPath")
	for _, m := range mounts {
		m.required("name", "mountPath")
		if name, ok := m.text("name"); ok && !volumes[name] {
			m.report("name", "Not found: %q", name)
		}
		m.form("mountPath", func(path string) string {
			if strings.Contains(path, ":") {
				return "must not contain ':'"
			}
			return ""
		})
		m.form("subPath", func(path string) string {
			if strings.HasPrefix(path, "/") {
				return "must be a relative path"
			}
			return ""
		})
	}
}

// probe checks how the kubelet finds out how a container is.
func (n node) probe(key string) {
	if !n.in.Has(key) {
		return
	}
	p := n.object(key)
	p.handler("exec", "httpGet", "tcpSocket", "grpc")
	p.atLeast("initialDelaySeconds", 0)
	for _, seconds := range []string{"timeoutSeconds", "periodSeconds", "failureThreshold", "successThreshold", "terminationGracePeriodSeconds"} {
		p.atLeast(seconds, 1)
	}
	if v, ok := p.in.Number("successThreshold"); ok && v != 1 && key != "readinessProbe" {
		p.report("successThreshold", "Invalid value: %v: must be 1", v)
	}
}

// handler demands exactly one way to ask or tell a container something.
func (n node) handler(ways ...string) {
	n.exactlyOne("", "Required value: must specify a handler type", "Forbidden: may not specify more than 1 handler type", ways...)
	if h := n.object("httpGet"); n.in.Has("httpGet") {
		h.required("port")
		h.anyPort("port")
		h.oneOf("scheme", "HTTP", "HTTPS")
	}
	if h := n.object("tcpSocket"); n.in.Has("tcpSocket") {
		h.required("port")
		h.anyPort("port")
	}
	if n.in.Has("grpc") {
		n.object("grpc").required("port")
		n.object("grpc").port("port")
	}
	if n.in.Has("exec") && len(n.in.Object("exec").Strings("command")) == 0 && !isUnknown(n.in.Object("exec")["command"]) {
		n.object("exec").report("command", "Required value")
	}
}
