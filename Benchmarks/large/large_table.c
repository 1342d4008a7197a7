// Writes a table of as many rows as asked for, the same each time, to standard output: ten numbers, two categories, and
// a number `y` that follows from some of them, with noise. About 97 bytes a row: 20 million rows are 1.9 GB.
//
//   cc -O2 -o large_table Benchmarks/large/large_table.c -lm && ./large_table 20000000 > large.csv
//
// The best that any learner can do is an R² of about 0.9; the mean has 0.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 0x9E3779B97F4A7C15;

static double uniform(void) {
  // xorshift64* (Vigna, 2016).
  state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
  return (double)((state * 0x2545F4914F6CDD1D) >> 11) / 9007199254740992.0;
}

static double normal(void) { return sqrt(-2 * log(1 - uniform())) * cos(6.283185307179586 * uniform()); }

// A number with four decimals.
static char *put(char *out, double x) {
  long scaled = lround(x * 10000);
  if (scaled < 0) *out++ = '-', scaled = -scaled;
  char digits[24];
  int count = 0;
  do digits[count++] = '0' + scaled % 10, scaled /= 10;
  while (scaled > 0 || count < 5);
  while (count > 4) *out++ = digits[--count];
  *out++ = '.';
  while (count > 0) *out++ = digits[--count];
  return out;
}

static char *put_text(char *out, const char *text) {
  while (*text) *out++ = *text++;
  return out;
}

int main(int argc, char **argv) {
  static const char *colours[] = {"red", "green", "blue", "yellow", "violet"};
  static const char *regions[] = {"north", "east", "south", "west", "centre", "coast", "hills", "islands"};
  const long rows = argc > 1 ? atol(argv[1]) : 0;
  if (rows < 1) return fprintf(stderr, "usage: large_table ROWS > large.csv\n"), 64;
  printf("x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,colour,region,y\n");
  char line[512];
  for (long row = 0; row < rows; row++) {
    double x[10];
    char *out = line;
    for (int i = 0; i < 10; i++) {
      x[i] = i < 7 ? normal() : 10 * uniform();
      // Every fiftieth value of the third column is missing.
      if (i == 2 && row % 50 == 7) x[i] = 0; else out = put(out, x[i]);
      *out++ = ',';
    }
    const int colour = (int)(5 * uniform()), region = (int)(8 * uniform());
    out = put_text(out, colours[colour]), *out++ = ',';
    out = put_text(out, regions[region]), *out++ = ',';
    const double y = 2 * x[0] + x[1] * x[2] + sin(2 * x[3]) + 0.3 * x[7] + (colour - 2) * 0.5 + (region % 3) * x[4] / 2;
    out = put(out, y + normal());
    *out++ = '\n';
    fwrite(line, 1, (size_t)(out - line), stdout);
  }
  return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 74;
}
