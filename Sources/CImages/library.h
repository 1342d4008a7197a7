#ifndef DH_LIBRARY_H
#define DH_LIBRARY_H

#include <dlfcn.h>
#include <stddef.h>

/// The first of some libraries that can be opened; NULL: none. It stays open.
static inline void *dh_open_library(const char *const names[]) {
  for (size_t i = 0; names[i] != NULL; i++) {
    void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (library != NULL) return library;
  }
  return NULL;
}

#endif
