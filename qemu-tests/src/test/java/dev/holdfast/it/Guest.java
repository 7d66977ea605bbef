// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.Filling;
import dev.holdfast.vm.guest.PagePattern;
import dev.holdfast.vm.guest.Verifying;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Guest memory full of a pattern.
 *
 * @param name its name
 * @param bytes its length, in bytes
 * @param seed of the pattern
 */
record Guest(String name, long bytes, long seed) {

    private static final int CHUNK = 1 << 20;

    /** Creates it and fills it; says where in physical memory it is. */
    List<PhysicalRange> fill(Vm vm) {
        return vm.run(Filling.class, Filling.Args.all(name, bytes, seed)).ranges();
    }

    /** The numbers of pages that do not hold the pattern, seen from inside. */
    List<Long> wrongInside(Vm vm) {
        Verifying.Verdict verdict =
                vm.run(Verifying.class, new Verifying.Args(name, 0, bytes / PagePattern.PAGE, seed));
        if (verdict.pages() != bytes / PagePattern.PAGE) {
            throw new IllegalStateException(verdict + " of " + this);
        }
        return verdict.wrongPages();
    }

    /** The numbers of pages that do not hold the pattern in the machine's memory. */
    List<Long> wrongOutside(Vm vm, List<PhysicalRange> ranges) {
        PagePattern pattern = new PagePattern(seed);
        List<Long> wrong = new ArrayList<>();
        long number = 0;
        for (PhysicalRange range : ranges) {
            for (long done = 0; done < range.size(); done += CHUNK) {
                byte[] chunk = vm.memory().read(range.base() + done, (int) Math.min(CHUNK, range.size() - done));
                for (int at = 0; at < chunk.length; at += PagePattern.PAGE, number++) {
                    if (!Arrays.equals(chunk, at, at + PagePattern.PAGE, pattern.page(number), 0, PagePattern.PAGE)) {
                        wrong.add(number);
                    }
                }
            }
        }
        if (number != bytes / PagePattern.PAGE) {
            throw new IllegalStateException(ranges + " are " + number + " pages, not those of " + this);
        }
        return wrong;
    }
}
