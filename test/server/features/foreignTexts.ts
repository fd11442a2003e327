/** Texts of other makers, written for the test as such files look: nothing of ours may appear in them. */

export const foreignTexts: Readonly<Record<string, string>> = {
  'package.json': `{
  "name": "shop", "version": "1.0.0", "private": true, "type": "module",
  "scripts": { "build": "node build.mjs", "test": "vitest" },
  "dependencies": { "express": "^5.0.0" },
  "exports": { ".": { "types": "./index.d.ts", "default": "./index.js" } },
  "config": { "port": "8080", "cluster": "local" }
}`,
  'tsconfig.json': `{
  // compiler
  "compilerOptions": { "strict": true, "paths": { "@shop/*": ["./src/*"] }, "types": [], },
  "include": ["src"],
}`,
  'settings.json': `{ "editor.fontSize": 12, "json.schemas": [{ "fileMatch": ["*.json"], "url": "https://example.com/a.json" }] }`,
  'launch.json': `{ "version": "0.2.0", "configurations": [{ "name": "Server", "type": "node", "request": "launch", "address": "127.0.0.1", "port": 9229 }] }`,
  'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews-v1
  labels: { app: reviews, version: v1 }
spec:
  replicas: 2
  selector: { matchLabels: { app: reviews } }
  template:
    metadata: { labels: { app: reviews } }
    spec:
      serviceAccountName: bookinfo-reviews
      containers:
      - name: reviews
        image: example.com/reviews:1.20
        env:
        - { name: IDENTITY, value: spiffe://cluster.local/ns/bookinfo/sa/bookinfo-reviews }
        - { name: FORMAT, value: "%START_TIME% %REQ(:PATH)%" }
        - { name: BACKEND, value: "10.0.0.1:8080" }
        ports: [{ containerPort: 9080, name: http }]
        livenessProbe: { httpGet: { path: /, port: 9080 } }
`,
  'service.yaml': `apiVersion: v1
kind: Service
metadata: { name: web, namespace: default }
spec:
  clusterIP: 10.0.0.1
  selector: { app: web }
  ports:
  - { name: http, port: 80, targetPort: 8080, protocol: TCP }
`,
  'configmap.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  app.properties: |
    name=web
    cluster=web
  listeners.conf: "listen 8080"
`,
  'ingress.yaml': `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  tls: [{ hosts: [shop.example], secretName: shop-tls }]
  rules:
  - host: shop.example
    http:
      paths:
      - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
`,
  'networkpolicy.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny }
spec:
  podSelector: { matchLabels: { app: web } }
  ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ protocol: TCP, port: 8080 }] }]
`,
  'crd.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: routes.example.com }
spec:
  group: example.com
  names: { kind: Route, plural: routes }
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { cluster: { type: string }, prefix: { type: string } } } } } }
`,
  'list.yaml': `apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: Namespace, metadata: { name: bookinfo } }
- { apiVersion: v1, kind: ServiceAccount, metadata: { name: reviews } }
`,
  'workflow.yml': `name: CI
on: { push: { branches: [main] } }
jobs:
  test:
    runs-on: ubuntu-latest
    strategy: { matrix: { node: [20, 22] } }
    steps:
    - uses: actions/checkout@v4
    - name: Test
      run: npm test
      env: { CLUSTER: web }
`,
  'openapi.yaml': `openapi: 3.1.0
info: { title: Shop, version: "1" }
servers: [{ url: "https://shop.example/api" }]
paths:
  /orders/{id}:
    get:
      operationId: order
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { "200": { description: an order, headers: { x-cluster: { schema: { type: string } } } } }
components: { schemas: { Order: { type: object, properties: { name: { type: string }, address: { type: string } } } } }
`,
  'swagger.json': `{ "swagger": "2.0", "info": { "title": "a" }, "host": "shop.example", "basePath": "/", "schemes": ["https"], "paths": { "/": { "get": { "responses": { "200": { "description": "ok" } } } } } }`,
  'asyncapi.yaml': `asyncapi: 3.0.0
info: { title: Orders, version: "1" }
channels: { orders: { address: orders, messages: { created: { payload: { type: object } } } } }
operations: { send: { action: send, channel: { $ref: "#/channels/orders" } } }
`,
  'docker-compose.yml': `services:
  web:
    image: web
    ports: ["8080:80"]
    environment: { CLUSTER: web }
    configs: [settings]
    healthcheck: { test: [CMD, curl, localhost], interval: 5s, timeout: 1s }
    networks: { default: { ipv4_address: 10.0.0.1 } }
configs:
  settings: { file: ./settings.json }
`,
  'values.yaml': `replicaCount: 1
image: { repository: web, tag: "1" }
service: { type: ClusterIP, port: 80 }
admin: { enabled: true, password: x }
listeners: [{ name: http, port: 8080 }]
resources: {}
`,
  'prometheus.yml': `global: { scrape_interval: 15s }
scrape_configs:
- job_name: web
  static_configs: [{ targets: ["10.0.0.1:9090"], labels: { cluster: web } }]
  relabel_configs: [{ source_labels: [__address__], target_label: instance }]
`,
  'alertmanager.yml': `route: { receiver: team, group_by: [cluster], routes: [{ match: { severity: page }, receiver: pager }] }
receivers: [{ name: team }, { name: pager }]
`,
  'dashboard.json': `{ "title": "Envoy", "panels": [{ "type": "graph", "targets": [{ "expr": "sum(envoy_cluster_upstream_rq_total{cluster=\\"web\\"})" }] }], "templating": { "list": [{ "name": "cluster" }] } }`,
  'otel.yaml': `receivers: { otlp: { protocols: { grpc: { endpoint: 0.0.0.0:4317 } } } }
processors: { batch: {} }
exporters: { otlp: { endpoint: "10.0.0.1:4317", tls: { insecure: true } } }
service: { pipelines: { traces: { receivers: [otlp], processors: [batch], exporters: [otlp] } } }
`,
  'traefik.yml': `entryPoints: { web: { address: ":80" } }
http:
  routers: { shop: { rule: "Host(\`shop.example\`)", service: web, tls: {} } }
  services: { web: { loadBalancer: { servers: [{ url: "http://10.0.0.1:8080" }] } } }
`,
  'kong.yml': `_format_version: "3.0"
services:
- name: web
  url: http://10.0.0.1:8080
  routes: [{ name: all, paths: [/] }]
`,
  'caddy.json': `{ "apps": { "http": { "servers": { "web": { "listen": [":443"], "routes": [{ "match": [{ "host": ["shop.example"] }], "handle": [{ "handler": "reverse_proxy", "upstreams": [{ "dial": "10.0.0.1:8080" }] }] }] } } } } }`,
  'haproxy.yaml': `frontend: { name: web, bind: [{ address: 0.0.0.0, port: 80 }], default_backend: web }
backend: { name: web, servers: [{ name: a, address: 10.0.0.1, port: 8080 }] }
`,
  'playbook.yml': `- hosts: web
  become: true
  tasks:
  - name: nginx
    ansible.builtin.package: { name: nginx, state: present }
  - name: route
    ansible.builtin.uri: { url: "http://10.0.0.1:8080" }
`,
  'terraform.tfstate.json': `{ "version": 4, "resources": [{ "mode": "managed", "type": "aws_lb_listener", "name": "web", "instances": [{ "attributes": { "port": 443, "protocol": "HTTPS" } }] }] }`,
  'cloudformation.yaml': `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Listener: { Type: "AWS::ElasticLoadBalancingV2::Listener", Properties: { Port: 443, Protocol: HTTPS, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] } }
`,
  'notebook.json': `{ "cells": [{ "cell_type": "code", "metadata": {}, "source": ["print(1)"], "outputs": [] }], "metadata": {}, "nbformat": 4, "nbformat_minor": 5 }`,
  'geo.json': `{ "type": "FeatureCollection", "features": [{ "type": "Feature", "geometry": { "type": "Point", "coordinates": [1, 2] }, "properties": { "name": "web", "address": "10.0.0.1" } }] }`,
  'schema.json': `{ "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Cluster", "type": "object", "properties": { "name": { "type": "string" }, "endpoints": { "type": "array" } } }`,
  'audit.json': `{ "protoPayload": { "@type": "type.googleapis.com/google.cloud.audit.AuditLog", "serviceName": "compute.googleapis.com", "requestMetadata": { "callerIp": "10.0.0.1" } }, "insertId": "a" }`,
  'linked-data.json': `{ "@context": "https://schema.org", "@type": "Organization", "name": "web", "address": { "@type": "PostalAddress", "addressLocality": "Bonn" } }`,
  'google-service.yaml': `type: google.api.Service
config_version: 3
name: shop.example
apis: [{ name: shop.v1.Orders }]
http: { rules: [{ selector: shop.v1.Orders.Get, get: "/v1/{name=orders/*}" }] }
`,
  'argo.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: web, namespace: argocd }
spec: { project: default, source: { repoURL: "https://example.com/a.git", path: k8s }, destination: { server: "https://kubernetes.default.svc", namespace: web } }
`,
  'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [deployment.yaml, service.yaml]
patches: [{ path: patch.yaml, target: { kind: Deployment } }]
configMapGenerator: [{ name: settings, files: [app.properties] }]
`,
  'certificate.yaml': `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: shop-tls }
spec: { secretName: shop-tls, dnsNames: [shop.example], issuerRef: { name: ca, kind: ClusterIssuer } }
`,
  'application.yml': `spring: { cloud: { gateway: { routes: [{ id: web, uri: "http://10.0.0.1:8080", predicates: ["Path=/api/**"], filters: ["StripPrefix=1"] }] } } }
server: { port: 8080, address: 0.0.0.0 }
`,
  'mkdocs.yml': `site_name: Shop
nav: [{ Home: index.md }, { Routes: routes.md }]
theme: { name: material }
`,
  'postman.json': `{ "info": { "name": "Shop" }, "item": [{ "name": "orders", "request": { "method": "GET", "header": [{ "key": "x-cluster", "value": "web" }], "url": { "raw": "http://10.0.0.1:8080/orders" } } }] }`,
  'people.json': `[{ "name": "web", "address": "10.0.0.1", "port": 8080, "cluster": "web", "type": "STATIC" }]`,
  'numbers.json': `[1, 2, 3]`,
  'empty.yaml': ``,
  'comment.yaml': `# nothing yet\n`,
  'dashes.yaml': `---\n`,
  'empty.json': `{}`,
};
