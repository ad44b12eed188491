// The typed client of our API, for a TypeScript backend. It adds nothing to the contract: one method per route, with the same names and shapes.

import type {
  CreatedOrderAnswer,
  CreatedWebhookEndpointAnswer,
  DeliveryAnswer,
  EventAnswer,
  OrderAnswer,
  Page,
  PaymentFields,
  ProblemAnswer,
  RefundAnswer,
  ReplayedAnswer,
  RotatedSecretAnswer,
  WebhookEndpointAnswer,
} from './answers.ts'
import type {
  ActOnDifferenceRequest,
  DifferenceAnswer,
  DifferencesQuery,
  ImportBillQuery,
  ReconciliationAnswer,
  ReconciliationsQuery,
  RunReconciliationRequest,
} from './books-api.ts'
import type { IncidentAnswer, IncidentsQuery, ResolveIncidentRequest } from './incidents.ts'
import type { ApiKeyAnswer, CreateApiKeyRequest, CreatedApiKeyAnswer, RevokeApiKeyQuery, RevokedApiKeysAnswer } from './keys-api.ts'
import type {
  CreateOrderRequest,
  CreateRefundRequest,
  CreateWebhookEndpointRequest,
  EventsQuery,
  ListQuery,
  OfMerchantQuery,
  OneOrderQuery,
  ReplayEventsRequest,
} from './merchant-api.ts'
import type { AuditLogEntry, AuditLogQuery, ReviewAnswer, ReviewOrderRequest } from './operators-api.ts'
import { ROUTES, type RouteName } from './routes.ts'
import type { OrderStoryAnswer } from './story.ts'

export interface CashdeskClientOptions {
  /** `https://pay.example.com` */
  baseURL: string
  apiKey: string
  /** Sends the requests. Default: the global fetch. */
  fetch?: ((request: Request) => Promise<Response>) | undefined
  /** The language of `detail` in problems. Default English. */
  language?: 'en' | 'zh' | undefined
}

export type ListOptions = Partial<ListQuery>

/** Every method throws CashdeskProblem if the server refuses, and whatever `fetch` throws if no answer came: then repeat the same call. */
export interface CashdeskClient {
  orders: {
    create(order: CreateOrderRequest, options?: { idempotencyKey?: string | undefined }): Promise<CreatedOrderAnswer>
    get(out_trade_no: string, query?: OneOrderQuery): Promise<OrderAnswer>
    /** By its number, or by the `support_id` that a buyer quotes. */
    story(out_trade_no: string, query?: OfMerchantQuery): Promise<OrderStoryAnswer>
    list(query?: ListOptions): Promise<Page<OrderAnswer>>
    pay(out_trade_no: string, query?: OfMerchantQuery): Promise<PaymentFields>
    close(out_trade_no: string, query?: OfMerchantQuery): Promise<OrderAnswer>
    /** The decision takes effect when `confirmed_by` is set. */
    review(out_trade_no: string, decision: ReviewOrderRequest, query?: OfMerchantQuery): Promise<ReviewAnswer>
  }
  refunds: {
    create(out_trade_no: string, refund: CreateRefundRequest, query?: OfMerchantQuery): Promise<RefundAnswer>
    get(out_refund_no: string, query?: OneOrderQuery): Promise<RefundAnswer>
    ofOrder(out_trade_no: string, query?: OfMerchantQuery): Promise<Page<RefundAnswer>>
  }
  events: {
    list(query?: Partial<EventsQuery>): Promise<Page<EventAnswer>>
    replay(id: string, query?: OfMerchantQuery): Promise<void>
    replayAll(events: ReplayEventsRequest, query?: OfMerchantQuery): Promise<ReplayedAnswer>
    deliveries(id: string, query?: OfMerchantQuery): Promise<Page<DeliveryAnswer>>
  }
  webhookEndpoints: {
    create(endpoint: CreateWebhookEndpointRequest, query?: OfMerchantQuery): Promise<CreatedWebhookEndpointAnswer>
    list(query?: OfMerchantQuery): Promise<Page<WebhookEndpointAnswer>>
    rotate(id: string, query?: OfMerchantQuery): Promise<RotatedSecretAnswer>
    disable(id: string, query?: OfMerchantQuery): Promise<void>
  }
  apiKeys: {
    create(key: CreateApiKeyRequest): Promise<CreatedApiKeyAnswer>
    list(): Promise<Page<ApiKeyAnswer>>
    revoke(prefix: string, query?: RevokeApiKeyQuery): Promise<RevokedApiKeysAnswer>
  }
  incidents: {
    list(query?: Partial<IncidentsQuery>): Promise<Page<IncidentAnswer>>
    resolve(id: string, end: ResolveIncidentRequest, query?: OfMerchantQuery): Promise<IncidentAnswer>
  }
  reconciliations: {
    list(query?: ReconciliationsQuery): Promise<Page<ReconciliationAnswer>>
    get(date: string, query?: OfMerchantQuery): Promise<ReconciliationAnswer>
    /** `file` as WeChat's platform gave it, plain or gzip. */
    import(date: string, file: Uint8Array, query: ImportBillQuery): Promise<ReconciliationAnswer>
    run(date: string, how?: RunReconciliationRequest, query?: OfMerchantQuery): Promise<ReconciliationAnswer>
  }
  differences: {
    list(query?: Partial<DifferencesQuery>): Promise<Page<DifferenceAnswer>>
    get(id: string, query?: OfMerchantQuery): Promise<DifferenceAnswer>
    act(id: string, act: ActOnDifferenceRequest, query?: OfMerchantQuery): Promise<DifferenceAnswer>
  }
  auditLog: {
    list(query?: Partial<AuditLogQuery>): Promise<Page<AuditLogEntry>>
  }
}

/** The server refused. Branch on `code`. */
export class CashdeskProblem extends Error {
  readonly status: number
  readonly code: ProblemAnswer['code'] | 'not_cashdesk'
  readonly problem: ProblemAnswer | undefined
  /** Seconds to wait before the same call, if the server sent Retry-After. */
  readonly retry_after_s: number | undefined

  constructor(status: number, problem: ProblemAnswer | undefined, retry_after_s: number | undefined) {
    super(problem ? `${problem.code}: ${problem.detail}` : `HTTP ${status}, and the body is not Cashdesk's: is baseURL right?`)
    this.name = 'CashdeskProblem'
    this.status = status
    this.code = problem?.code ?? 'not_cashdesk'
    this.problem = problem
    this.retry_after_s = retry_after_s
  }
}

export function createCashdeskClient(options: CashdeskClientOptions): CashdeskClient {
  const send = options.fetch ?? ((request: Request) => fetch(request))
  const base = options.baseURL.replace(/\/+$/, '')
  const authorization = `Bearer ${options.apiKey}`

  async function call<T>(name: RouteName, sent: Sent = {}): Promise<T> {
    const { method, path } = ROUTES[name]
    const filled = path.replace(/\{[a-z_]+\}/, encodeURIComponent(sent.id ?? ''))
    const request = new Request(`${base}${filled}${queryString(sent.query)}`, {
      method,
      headers: {
        authorization,
        'accept-language': options.language ?? 'en',
        ...(sent.body !== undefined && { 'content-type': 'application/json' }),
        ...sent.headers,
      },
      ...(sent.body !== undefined && { body: JSON.stringify(sent.body) }),
      ...(sent.file !== undefined && { body: sent.file }),
    })
    const answer = await send(request)
    if (!answer.ok) throw await problemOf(answer)
    // Not parsed here: the tests check the server's answers against the schemas of the same route.
    return (answer.status === 204 ? undefined : await answer.json()) as T
  }

  return {
    orders: {
      create: (body, { idempotencyKey } = {}) =>
        call('createOrder', { body, ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }) }),
      get: (id, query) => call('getOrder', { id, query }),
      story: (id, query) => call('getOrderStory', { id, query }),
      list: (query) => call('listOrders', { query }),
      pay: (id, query) => call('payOrder', { id, query }),
      close: (id, query) => call('closeOrder', { id, query }),
      review: (id, body, query) => call('reviewOrder', { id, body, query }),
    },
    refunds: {
      create: (id, body, query) => call('createRefund', { id, body, query }),
      get: (id, query) => call('getRefund', { id, query }),
      ofOrder: (id, query) => call('listRefundsOfOrder', { id, query }),
    },
    events: {
      list: (query) => call('listEvents', { query }),
      replay: (id, query) => call('replayEvent', { id, query }),
      replayAll: (body, query) => call('replayEvents', { body, query }),
      deliveries: (id, query) => call('listDeliveries', { id, query }),
    },
    webhookEndpoints: {
      create: (body, query) => call('createWebhookEndpoint', { body, query }),
      list: (query) => call('listWebhookEndpoints', { query }),
      rotate: (id, query) => call('rotateWebhookSecret', { id, query }),
      disable: (id, query) => call('disableWebhookEndpoint', { id, query }),
    },
    apiKeys: {
      create: (body) => call('createApiKey', { body }),
      list: () => call('listApiKeys'),
      revoke: (id, query) => call('revokeApiKey', { id, query }),
    },
    incidents: {
      list: (query) => call('listIncidents', { query }),
      resolve: (id, body, query) => call('resolveIncident', { id, body, query }),
    },
    reconciliations: {
      list: (query) => call('listReconciliations', { query }),
      get: (id, query) => call('getReconciliation', { id, query }),
      import: (id, file, query) => call('importBill', { id, file: new Uint8Array(file), query }),
      run: (id, body = {}, query) => call('runReconciliation', { id, body, query }),
    },
    differences: {
      list: (query) => call('listDifferences', { query }),
      get: (id, query) => call('getDifference', { id, query }),
      act: (id, body, query) => call('actOnDifference', { id, body, query }),
    },
    auditLog: {
      list: (query) => call('listAuditLog', { query }),
    },
  }
}

interface Sent {
  /** The value for the path's parameter. */
  id?: string
  query?: object | undefined
  body?: object
  /** A file, sent as it is. */
  file?: Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
}

function queryString(query: object | undefined): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) given.set(name, String(value))
  return given.size === 0 ? '' : `?${given}`
}

async function problemOf(answer: Response): Promise<CashdeskProblem> {
  const ours = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false
  const problem = ours ? ((await answer.json().catch(() => undefined)) as ProblemAnswer | undefined) : undefined
  const after = answer.headers.get('retry-after')
  return new CashdeskProblem(answer.status, problem, after !== null && /^[0-9]+$/.test(after) ? Number(after) : undefined)
}
