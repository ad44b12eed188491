// The faults in two languages: what each is called, and what it did to an exchange, as the end of that exchange's line in the story.

/**
 * Name, what happened; Chinese and English. `false` marks those whose signature nobody may believe.
 *
 * @type {Readonly<Record<import('@cashdesk/emulator').FaultName, readonly [string, string, string, string, false?]>>}
 */
export const FAULTS = {
  'request.lost': ['请求丢失', 'Request lost', '请求在途中丢失，微信没有处理', 'lost on the way; WeChat did nothing'],
  'request.refused': ['微信拒绝', 'WeChat refuses', '微信拒绝处理', 'WeChat refused it and did nothing'],
  'answer.http_429': ['频率超限', 'Too many calls', '微信限流，没有处理', 'too many calls; WeChat did nothing'],
  'answer.http_500': ['微信应答 500', 'WeChat answers 500', '微信已处理，却应答 500', 'WeChat acted on it, but answered 500'],
  'answer.lost': [
    '微信的应答丢失',
    'WeChat’s answer lost',
    '微信已处理，应答在途中丢失',
    'WeChat acted on it; its answer was lost on the way',
  ],
  'answer.timeout': ['微信迟迟不应答', 'No answer in time', '微信已处理，却迟迟没有应答', 'WeChat acted on it, but did not answer in time'],
  'answer.truncated': [
    '应答只到一半',
    'Answer cut in half',
    '微信已处理，应答只到达一半',
    'WeChat acted on it; half of its answer arrived',
  ],
  'answer.drip': ['应答缓慢', 'Answer drips', '应答分段缓慢到达', 'the answer arrived drop by drop'],
  'answer.bad_signature': [
    '应答签名错误',
    'Answer badly signed',
    '应答签名错误，不予采信',
    'its answer was badly signed, so it was not believed',
    false,
  ],
  'answer.unsigned': [
    '应答没有签名',
    'Answer unsigned',
    '应答没有签名，不予采信',
    'its answer was not signed, so it was not believed',
    false,
  ],
  'answer.stale': [
    '应答签名过期',
    'Answer too old',
    '应答的签名时间过早，不予采信',
    'its answer was signed too long ago, so it was not believed',
    false,
  ],
  'answer.future': [
    '应答签名超前',
    'Answer from the future',
    '应答的签名时间超前，不予采信',
    'its answer was signed ahead of time, so it was not believed',
    false,
  ],
  'answer.wrong_serial': [
    '应答序列号未知',
    'Answer by an unknown key',
    '应答的签名序列号未知，不予采信',
    'its answer was signed by an unknown key, so it was not believed',
    false,
  ],
  'answer.probe': [
    '应答签名探测',
    'Answer with a probe',
    '应答为签名探测，不予采信',
    'its answer was a signature probe, so it was not believed',
    false,
  ],
  'notification.lost': ['通知丢失', 'Notification lost', '在途中丢失，微信稍后重发', 'lost on the way; WeChat sends it again later'],
  'notification.doubled': ['通知重复', 'Notification twice', '同一条通知送达两次', 'the same one arrived twice'],
  'notification.delayed': ['通知推迟', 'Notification late', '推迟发送', 'postponed'],
  'notification.disordered': ['通知乱序', 'Notification overtaken', '等另一条通知先发出', 'waits until another one has gone out'],
  'notification.forged': ['伪造的通知', 'Forged notification', '由他人冒充微信发送', 'a forgery: WeChat did not send it', false],
  'notification.bad_signature': [
    '通知签名错误',
    'Notification badly signed',
    '签名与内容不符',
    'its signature does not fit its contents',
    false,
  ],
  'notification.unsigned': ['通知没有签名', 'Notification unsigned', '没有签名', 'it is not signed', false],
  'notification.stale': ['通知签名过期', 'Notification too old', '签名时间过早', 'it was signed too long ago', false],
  'notification.future': ['通知签名超前', 'Notification from the future', '签名时间超前', 'it was signed ahead of time', false],
  'notification.wrong_serial': [
    '通知序列号未知',
    'Notification by an unknown key',
    '签名序列号未知',
    'it was signed by an unknown key',
    false,
  ],
  'notification.probe': [
    '通知签名探测',
    'Notification probe',
    '签名探测，真实通知随后到达',
    'a signature probe; the real one follows',
    false,
  ],
  'notification.altered': [
    '通知被篡改',
    'Notification altered',
    '密文被篡改，签名正确',
    'its ciphertext was altered, its signature is right',
    false,
  ],
}

/**
 * Those that one may arm beside the phone.
 *
 * @type {readonly import('@cashdesk/emulator').FaultName[]}
 */
export const ARMABLE = [
  'notification.lost',
  'notification.doubled',
  'notification.bad_signature',
  'notification.forged',
  'request.refused',
  'answer.lost',
  'answer.bad_signature',
]
