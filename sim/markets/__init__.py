"""Markets: how places at schools and universities (`places`) and posts (`jobs`) are given out."""
