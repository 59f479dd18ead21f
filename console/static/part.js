// A box on the page that a script of ours fills: `/static/<name>.js` has `mount(element, options)`, which returns how to
// take it down again.
export default {
  template: "<div></div>",
  props: { name: String, options: Object },
  async mounted() {
    const { mount } = await import(`/static/${this.name}.js`);
    if (!this.gone) this.takeDown = mount(this.$el, this.options);
  },
  unmounted() {
    this.gone = true;
    this.takeDown?.();
  },
};
