// What the shop sells, and for how much. Prices live here and nowhere else; integer fen.

export interface Product {
  id: string
  name: string
  detail: string
  /** Fen. */
  price: number
}

export const PRODUCTS: readonly Product[] = [
  { id: 'latte', name: '拿铁', detail: '浓缩咖啡与热牛奶', price: 2800 },
  { id: 'oolong', name: '冷泡乌龙', detail: '冷萃八小时，不加糖', price: 1600 },
  { id: 'croissant', name: '黄油可颂', detail: '每日现烤', price: 1200 },
  { id: 'beans', name: '云南小粒咖啡豆', detail: '227 克，中度烘焙', price: 6800 },
]
