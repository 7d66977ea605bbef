// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A shape that a declaration is known to have on some kernels, told by the type of one parameter.
 *
 * @param value value of the fact if the declaration has this shape
 * @param type the parameter's type, in single spaces
 */
record Shape(String value, String type) {
    /** What is wrong with a declaration that has none of the shapes. */
    static String takesNone(List<Shape> shapes) {
        if (shapes.size() == 2) {
            return "takes neither " + shapes.get(0).type() + " nor "
                    + shapes.get(1).type();
        }
        return "takes none of " + shapes.stream().map(Shape::type).collect(Collectors.joining(", "));
    }
}
