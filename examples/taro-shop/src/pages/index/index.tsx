// The products, and one tap to pay for one.

import { Button, Text, View } from '@tarojs/components'
import Taro, { useLoad } from '@tarojs/taro'
import { useRef, useState } from 'react'
import { cashdesk } from '../../cashdesk'
import { checkout, type Product, products, sentence, yuan } from '../../shop'

export default function Index() {
  const [goods, setGoods] = useState<Product[]>([])
  const [trouble, setTrouble] = useState('')
  /** The product being paid for, to show it. The lock is a separate variable, because a tap sees the state of the last render. */
  const [buying, setBuying] = useState('')
  const locked = useRef(false)

  const load = async () => {
    try {
      setGoods(await products())
      setTrouble('')
    } catch (error) {
      setTrouble(sentence(error))
    }
  }
  useLoad(load)

  const buy = async (id: string) => {
    if (locked.current) return
    locked.current = true
    setBuying(id)
    try {
      const order = await checkout(id)
      const { status } = await cashdesk.pay(order)
      Taro.navigateTo({ url: `/pages/order/order?id=${order.out_trade_no}&status=${status}` })
    } catch (error) {
      Taro.showToast({ title: sentence(error), icon: 'none' })
    } finally {
      locked.current = false
      setBuying('')
    }
  }

  return (
    <View className="page">
      {trouble && (
        <View className="card">
          <Text id="trouble" className="grow">
            {trouble}
          </Text>
          <Button id="reload" className="button" onClick={load}>
            再试一次
          </Button>
        </View>
      )}
      {goods.map((product) => (
        <View key={product.id} className="card">
          <View className="grow">
            <Text className="name">{product.name}</Text>
            <Text className="muted">{product.detail}</Text>
            <Text className="price">{yuan(product.price)}</Text>
          </View>
          <Button id={`buy-${product.id}`} className="button" disabled={buying !== ''} onClick={() => buy(product.id)}>
            购买
          </Button>
        </View>
      ))}
    </View>
  )
}
