"""The table of Sources/CTables/powers.c: 5^q for q from -342 to 308, the leading 128 bits.

They are cut off, except for the reciprocals of powers below 2^64, which are rounded up: Lemire, "Number Parsing at a
Gigabyte per Second" (2021), section 5 and appendix B.
"""

SMALLEST, LARGEST = -342, 308


def leading_bits(q):
    if q >= 0:
        power = 5 ** q
        return power << 128 >> power.bit_length()
    power = 5 ** -q
    cut_off = (1 << power.bit_length() + 127) // power
    return cut_off + 1 if power < 1 << 64 else cut_off


def main():
    print("// Made by Scripts/tables/powers.py.")
    print('#include "powers.h"\n')
    print("const uint64_t dh_powers_of_five[LARGEST_POWER - SMALLEST_POWER + 1][2] = {")
    entries = []
    for q in range(SMALLEST, LARGEST + 1):
        bits = leading_bits(q)
        entries.append("{0x%016X, 0x%016X}" % (bits >> 64, bits & (1 << 64) - 1))
    for first in range(0, len(entries), 2):
        print("    " + ", ".join(entries[first:first + 2]) + ",")
    print("};")


main()
