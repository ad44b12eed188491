// One order, as the shop's backend knows it. Opens after a payment, and from WeChat's order centre with only `?id=`.

import { Button, Text, View } from '@tarojs/components'
import Taro, { useDidShow, useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { type ShopOrder, sentence, shopOrder, yuan } from '../../shop'

export default function Order() {
  const { id = '', status = '' } = useRouter().params
  const [order, setOrder] = useState<ShopOrder>()
  const [trouble, setTrouble] = useState('')

  const refresh = async () => {
    try {
      setOrder(await shopOrder(id))
      setTrouble('')
    } catch (error) {
      setTrouble(sentence(error))
    }
  }
  useDidShow(refresh)

  return (
    <View className="page">
      <View className="card head">
        <Text id="title" className="title">
          {trouble || titleOf(order?.state, status)}
        </Text>
        {order && (
          <Text id="total" className="total">
            {yuan(order.amount.total)}
          </Text>
        )}
        <Text className="muted">{order?.description}</Text>
        <Text className="muted">订单号 {id}</Text>
      </View>
      <Button id="refresh" className="button" onClick={refresh}>
        刷新
      </Button>
      <Button id="home" className="button" onClick={() => Taro.reLaunch({ url: '/pages/index/index' })}>
        回到小铺
      </Button>
    </View>
  )
}

/** Shows the server's state; the outcome of pay() only while the server has no state to show. */
function titleOf(state: string | undefined, status: string): string {
  if (state === undefined) return '正在查询'
  if (state === 'paid') return '支付成功'
  if (state === 'closed' || state === 'failed') return '订单已关闭'
  if (state === 'review') return '付款核对中'
  if (status === 'cancelled') return '支付已取消'
  if (status === 'failed') return '支付未完成'
  if (status === 'pending') return '正在确认付款'
  return '等待付款'
}
