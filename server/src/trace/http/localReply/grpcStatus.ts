/** The gRPC status that a code of HTTP stands for (Envoy: source/common/grpc/status.cc httpToGrpcStatus). */
const GRPC_STATUS: Readonly<Record<number, number>> = { 400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14 };

export function grpcStatusOf(code: number): number {
  return GRPC_STATUS[code] ?? 2;
}
