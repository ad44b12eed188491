// The OpenAPI 3.1 document of our API, generated from the table of routes and the schemas, so that it cannot differ from what the server checks.

import { z } from 'zod'
import * as answers from './answers.ts'
import { clientPayRequest, createSessionRequest } from './client-api.ts'
import { incidentAnswer, resolveIncidentRequest } from './incidents.ts'
import { apiKeyAnswer, createApiKeyRequest, createdApiKeyAnswer, revokedApiKeysAnswer } from './keys-api.ts'
import { createOrderRequest, createRefundRequest, createWebhookEndpointRequest } from './merchant-api.ts'
import { PROBLEMS, type ProblemCode } from './problems.ts'
import { ROUTES, type Route, type RouteName } from './routes.ts'
import { orderStoryAnswer, storyEntry } from './story.ts'

type Json = Readonly<Record<string, unknown>>

export interface OpenApiDocument {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json>; securitySchemes: Json }
}

export interface Operation {
  operationId: string
  tags: string[]
  summary: string
  description: string
  security: Json[]
  parameters: Parameter[]
  requestBody?: { required: true; content: { 'application/json': { schema: Json } } }
  responses: Record<string, Json>
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: Json
}

const NAMED: Readonly<Record<string, z.ZodType>> = {
  CreateOrder: createOrderRequest,
  CreateRefund: createRefundRequest,
  CreateWebhookEndpoint: createWebhookEndpointRequest,
  CreateApiKey: createApiKeyRequest,
  CreateSession: createSessionRequest,
  PayAsClient: clientPayRequest,
  Order: answers.orderAnswer,
  CreatedOrder: answers.createdOrderAnswer,
  PaymentFields: answers.paymentFields,
  Refund: answers.refundAnswer,
  Event: answers.eventAnswer,
  WebhookEndpoint: answers.webhookEndpointAnswer,
  CreatedWebhookEndpoint: answers.createdWebhookEndpointAnswer,
  RotatedSecret: answers.rotatedSecretAnswer,
  Delivery: answers.deliveryAnswer,
  ApiKey: apiKeyAnswer,
  CreatedApiKey: createdApiKeyAnswer,
  RevokedApiKeys: revokedApiKeysAnswer,
  Session: answers.sessionAnswer,
  ClientOrder: answers.clientOrderAnswer,
  OrderStory: orderStoryAnswer,
  StoryEntry: storyEntry,
  WechatSaid: answers.wechatSaid,
  Incident: incidentAnswer,
  ResolveIncident: resolveIncidentRequest,
  Problem: answers.problemAnswer,
}

/** Any call may be answered with these. */
const ALWAYS: readonly ProblemCode[] = ['invalid_request', 'too_many_requests', 'internal', 'overloaded', 'store_unavailable']

export function openapi(version: string): OpenApiDocument {
  const names = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(NAMED)) names.add(schema, { id })
  const paths: OpenApiDocument['paths'] = {}
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(name, route, names) }
  }
  const schemas = Object.fromEntries(Object.entries(NAMED).map(([id, schema]) => [id, named(schema, names)]))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cashdesk 收银台',
      version,
      description:
        'Payments for WeChat mini programs. Amounts are integer fen, times RFC 3339. Errors are problem+json (RFC 9457): branch on `code`.\n\n微信小程序支付服务。金额单位为分（整数），时间为 RFC 3339。错误为 problem+json，请按 `code` 分支。',
    },
    paths,
    components: {
      schemas,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'The API key of the merchant’s backend · 商户后端的 API 密钥' },
        session: { type: 'http', scheme: 'bearer', description: 'The token of a phone’s session · 手机端会话 token' },
      },
    },
  }
}

type Names = ReturnType<typeof z.registry<{ id: string }>>

function operation(name: RouteName, route: Route, names: Names): Operation {
  const { who, body, answer, en, zh } = route
  const cut: ProblemCode[] = body ? ['body_incomplete'] : []
  const problems = [...route.problems, ...cut, ...problemsOf(route), ...ALWAYS]
  const responses: Record<string, Json> = {}
  for (const status of route.status)
    responses[status] = {
      description: 'OK',
      ...(answer && { content: { 'application/json': { schema: inline(answer, names, 'output') } } }),
    }
  for (const status of [...new Set(problems.map((code) => PROBLEMS[code].status))].sort((a, b) => a - b)) {
    const codes = problems.filter((code) => PROBLEMS[code].status === status)
    responses[status] = {
      description: [...new Set(codes)].map((code) => `\`${code}\`: ${PROBLEMS[code].en} · ${PROBLEMS[code].zh}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }
  }
  return {
    operationId: name,
    tags: [route.path.split('/')[route.path.startsWith('/client') ? 1 : 2] ?? ''],
    summary: en,
    description: who === 'session' || who === 'anyone' ? zh : `${zh}\n\nScope: \`${who}\``,
    security: who === 'anyone' ? [] : [who === 'session' ? { session: [] } : { apiKey: [] }],
    parameters: parametersOf(name, route, names),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: inline(body, names, 'input') } } } }),
    responses,
  }
}

function problemsOf({ who, path, method }: Route): ProblemCode[] {
  if (who === 'anyone') return []
  if (who === 'session') return ['session_invalid', ...(path.includes('{') ? (['not_found'] as const) : [])]
  const clear: ProblemCode[] = who === 'admin' ? [] : ['merchant_unclear']
  return ['unauthorized', 'scope_missing', ...(method === 'GET' && who === 'admin' ? [] : (['not_found'] as const)), ...clear]
}

function parametersOf(name: RouteName, { path, query }: Route, names: Names): Parameter[] {
  const inPath = [...path.matchAll(/\{([a-z_]+)\}/g)].map(
    ([, parameter = '']): Parameter => ({ name: parameter, in: 'path', required: true, schema: { type: 'string' } }),
  )
  const properties = query ? ((inline(query, names, 'output') as { properties?: Record<string, Json> }).properties ?? {}) : {}
  const inQuery = Object.entries(properties).map(
    ([parameter, schema]): Parameter => ({ name: parameter, in: 'query', required: false, schema }),
  )
  const key: Parameter = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'Required without out_trade_no · 未提供 out_trade_no 时必填',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
  }
  return [...inPath, ...inQuery, ...(name === 'createOrder' ? [key] : [])]
}

/** A schema as an entry of `components`. */
function named(schema: z.ZodType, names: Names): Json {
  const { id: _, ...rest } = convert(schema, names, 'input')
  return rest
}

/** A reference if the schema has a name; otherwise the schema itself, with references inside. */
function inline(schema: z.ZodType, names: Names, io: 'input' | 'output'): Json {
  const id = names.get(schema)?.id
  return id === undefined ? convert(schema, names, io) : { $ref: `#/components/schemas/${id}` }
}

function convert(schema: z.ZodType, names: Names, io: 'input' | 'output'): Record<string, unknown> {
  const made = z.toJSONSchema(schema, { metadata: names, io, target: 'draft-2020-12', override: ({ jsonSchema }) => plain(jsonSchema) })
  const {
    $schema: _,
    $defs: __,
    ...rest
  } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')) as Record<string, unknown>
  return rest
}

/** Removes what a format or type already says. */
function plain(schema: Record<string, unknown>): void {
  if (schema['format'] === 'date-time') delete schema['pattern']
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum']
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum']
}
