// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.util.List;

/**
 * One file of the schema.
 *
 * @param name name of the unit
 * @param doc what it describes; paragraphs are separated by an empty line
 */
public record Unit(
        String name,
        String doc,
        List<Constant> constants,
        List<EnumType> enums,
        List<FlagSet> flags,
        List<ModuleStatement> modinfo,
        List<Struct> structs,
        List<Ioctl> ioctls,
        List<ErrorMeaning> errors) {
    public Unit {
        constants = List.copyOf(constants);
        enums = List.copyOf(enums);
        flags = List.copyOf(flags);
        modinfo = List.copyOf(modinfo);
        structs = List.copyOf(structs);
        ioctls = List.copyOf(ioctls);
        errors = List.copyOf(errors);
    }
}
