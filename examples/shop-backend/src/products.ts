// The products and their prices in integer fen. Prices are defined here and nowhere else.

export interface Product {
  id: string
  name: string
  detail: string
  /** The category that it is shown in. */
  shelf: string
  /** Fen. */
  price: number
}

export const PRODUCTS: readonly Product[] = [
  { id: 'latte', name: '拿铁', detail: '浓缩咖啡与热牛奶', shelf: '咖啡', price: 2800 },
  { id: 'americano', name: '冰美式', detail: '双份浓缩，少冰', shelf: '咖啡', price: 2200 },
  { id: 'oolong', name: '冷泡乌龙', detail: '冷萃八小时，不加糖', shelf: '茶饮', price: 1600 },
  { id: 'matcha', name: '抹茶牛乳', detail: '石磨抹茶，鲜牛乳', shelf: '茶饮', price: 2600 },
  { id: 'croissant', name: '黄油可颂', detail: '每日现烤', shelf: '烘焙', price: 1200 },
  { id: 'basque', name: '巴斯克蛋糕', detail: '焦香表面，流心内里', shelf: '烘焙', price: 3200 },
  { id: 'beans', name: '云南小粒咖啡豆', detail: '227 克，中度烘焙', shelf: '带回家', price: 6800 },
  { id: 'mug', name: '粗陶马克杯', detail: '手作，300 毫升', shelf: '带回家', price: 8800 },
]

export function productOf(id: unknown): Product | undefined {
  return PRODUCTS.find((product) => product.id === id)
}
