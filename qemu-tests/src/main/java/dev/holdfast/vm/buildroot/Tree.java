// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.buildroot;

import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The files of a build root.
 *
 * @param name changes with what is in it
 * @param place makes them where there are none, and says where they are
 */
record Tree(String name, Supplier<Path> place) {

    /** Where they are. */
    Path path() {
        return place.get();
    }
}
