// A project of ES modules.

import * as protocol from '@cashdesk/protocol'
import * as spec from '@cashdesk/protocol/spec'
import * as sdk from '@cashdesk/sdk'
import * as adapters from '@cashdesk/sdk/adapters'
import * as explain from '@cashdesk/sdk/explain'
import * as v2 from '@cashdesk/sdk/v2'
import { journey } from './journey.mjs'

await journey({ sdk, adapters, explain, v2, protocol, spec })
