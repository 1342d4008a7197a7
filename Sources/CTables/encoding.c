#include "CTables.h"
#include "bytes.h"

int dh_is_ascii(const uint8_t *start, size_t count) {
  uint8_t seen = 0;
  for (size_t i = 0; i < count; i++) seen |= start[i];
  return seen < 0x80;
}

/// What Windows-1252 has for 0x80 to 0x9F; what it leaves open are control characters, as on the web (WHATWG, "Encoding").
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

static inline uint16_t character(uint8_t byte) { return byte < 0x80 || byte > 0x9F ? byte : windows_1252[byte - 0x80]; }

size_t dh_latin1_size(const uint8_t *start, size_t count) {
  size_t size = count;
  for (size_t i = 0; i < count; i++) {
    const uint16_t c = character(start[i]);
    size += (size_t)(c >= 0x80) + (size_t)(c >= 0x800);
  }
  return size;
}

size_t dh_latin1_to_utf8(const uint8_t *start, size_t count, uint8_t *text) {
  uint8_t *p = text;
  for (size_t i = 0; i < count; i++) {
    const uint16_t c = character(start[i]);
    if (c < 0x80) {
      *p++ = (uint8_t)c;
    } else if (c < 0x800) {
      *p++ = (uint8_t)(0xC0 | c >> 6), *p++ = (uint8_t)(0x80 | (c & 0x3F));
    } else {
      *p++ = (uint8_t)(0xE0 | c >> 12), *p++ = (uint8_t)(0x80 | (c >> 6 & 0x3F)), *p++ = (uint8_t)(0x80 | (c & 0x3F));
    }
  }
  return (size_t)(p - text);
}
