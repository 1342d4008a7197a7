#ifndef CTABLES_H
#define CTABLES_H

#include <stddef.h>
#include <stdint.h>

/// The loops over the bytes of delimited text: numbers, distinct texts, and whole rows of what is plain. What is not plain is
/// left to the caller.

typedef enum {
  dh_number_found = 0,
  dh_number_none,  ///< not a number
  dh_number_hard,  ///< a number so near to the middle between two doubles that more digits decide than are looked at here
} dh_number_outcome;

/// Reads all bytes from `start` to `end` as a decimal number: `-12`, `3.25`, `.5`, `5.`, `6.02e23`. The value is the double
/// nearest to the decimal value, ties to even. What is too large for a double is no number.
dh_number_outcome dh_parse_number(const uint8_t *start, const uint8_t *end, double *value);

/// Texts that say that a value is missing, beside those that always do.
typedef struct dh_marks dh_marks;

dh_marks *dh_marks_make(void);
void dh_marks_free(dh_marks *marks);
/// A mark that is a number stands for that number however it is written: `-999` for `-999.0` too.
void dh_marks_add(dh_marks *marks, const uint8_t *text, size_t count);

/// Whether some bytes say that a value is missing: none, `NA`, `N/A`, `null`, `NaN` or `?`, in any case, or a mark.
/// - marks: NULL: no others.
int dh_is_missing(const dh_marks *marks, const uint8_t *start, size_t count);

/// Whether all bytes are below 0x80.
int dh_is_ascii(const uint8_t *start, size_t count);

/// The CRC-32 (ISO 3309) of some bytes that come after others, whose own is `crc`; 0: none.
uint32_t dh_crc32(uint32_t crc, const uint8_t *start, size_t count);

/// The bytes that some text in Windows-1252, which holds Latin-1's characters, takes in UTF-8.
size_t dh_latin1_size(const uint8_t *start, size_t count);
/// Writes it there as UTF-8, and returns how many bytes that took.
size_t dh_latin1_to_utf8(const uint8_t *start, size_t count, uint8_t *text);

/// Distinct texts, numbered in the order in which they first come.
typedef struct dh_dictionary dh_dictionary;

/// - seed: of the hash; random, so that no file can be made to collide.
dh_dictionary *dh_dictionary_make(uint64_t seed);
void dh_dictionary_free(dh_dictionary *dictionary);
size_t dh_dictionary_count(const dh_dictionary *dictionary);
/// The number of a text, a new one if it hasn't come before.
int32_t dh_dictionary_code(dh_dictionary *dictionary, const uint8_t *text, size_t count);
const uint8_t *dh_dictionary_text(const dh_dictionary *dictionary, size_t code, size_t *count);

/// Texts by number, from 0.
typedef struct dh_texts dh_texts;

dh_texts *dh_texts_make(void);
void dh_texts_free(dh_texts *texts);
/// Puts a text behind `index` others; what stood there and further on is dropped.
void dh_texts_put(dh_texts *texts, size_t index, const uint8_t *text, size_t count);
const uint8_t *dh_texts_text(const dh_texts *texts, size_t index, size_t *count);

typedef enum {
  dh_column_skipped = 0,
  dh_column_numbers,  ///< missing: NaN
  dh_column_texts,    ///< missing: −1
} dh_column_mode;

typedef struct {
  dh_column_mode mode;
  double *numbers;
  int32_t *codes;
  dh_dictionary *dictionary;
  dh_texts *carried;  ///< by row, the fields as they stand, missing marks too; NULL: not wanted
} dh_column;

/// Where the reading of rows stands.
typedef struct {
  const uint8_t *cursor;
  const uint8_t *limit;  ///< rows that begin before it are read
  const uint8_t *end;    ///< no byte from here on is looked at
  uint8_t delimiter;
  size_t longest_quoted;  ///< a field in quotes that is longer is not plain
  const dh_marks *marks;  ///< NULL: none
  dh_column *columns;
  size_t column_count;
  size_t rows;      ///< so far: the next row's place in the columns and in `lines`
  size_t capacity;  ///< rows that there is room for
  int32_t *lines;   ///< the number of the line on which each row begins
  int32_t line;     ///< that of the cursor
} dh_rows;

typedef enum {
  dh_rows_done = 0,  ///< the cursor has come to the limit
  dh_rows_full,
  dh_rows_other,  ///< the row at the cursor is not plain: the caller reads it
} dh_rows_outcome;

/// Reads rows as long as they are plain: all fields there, numbers where numbers are expected, valid UTF-8 without zero
/// bytes, quotes only around a field or doubled inside, and no carriage return inside one. A row is taken whole or left.
dh_rows_outcome dh_read_rows(dh_rows *rows);

#endif
