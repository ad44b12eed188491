// For browsers only: uni's H5 draws buttons that the keyboard cannot reach and pictures without a text. This adds both.

function mend() {
  for (const button of document.querySelectorAll('uni-button')) {
    if (!button.hasAttribute('role')) {
      button.setAttribute('role', 'button')
      button.setAttribute('tabindex', '0')
    }
    button.setAttribute('aria-disabled', String(button.hasAttribute('disabled')))
  }
  for (const picture of document.querySelectorAll('img:not([alt])')) picture.setAttribute('alt', '')
}

new MutationObserver(mend).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ['disabled'] })

document.addEventListener('keydown', (event) => {
  const { target, key } = event
  if ((key !== 'Enter' && key !== ' ') || !(target instanceof HTMLElement) || target.tagName !== 'UNI-BUTTON') return
  event.preventDefault()
  target.click()
})
