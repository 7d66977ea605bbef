// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

/** What must be unique over all units, since C and Java put it into one place. */
final class Scope {
    /** Types that are generated from every schema, and those of java.lang that generated code mentions. */
    private static final String[] TAKEN_TYPES = {
        "Ioctls",
        "Errno",
        "ErrorMeaning",
        "FixedBytes",
        "AutoCloseable",
        "IllegalArgumentException",
        "IllegalStateException",
        "Override",
        "String"
    };

    final NameSpace units = new NameSpace("unit");
    final NameSpace macros = new NameSpace("C name");
    final NameSpace types = new NameSpace("Java type", TAKEN_TYPES);
    final NameSpace ioctlNumbers = new NameSpace("ioctl number");
    final NameSpace errors = new NameSpace("error");
    final NameSpace statements = new NameSpace("statement");
    final NameSpace errnos = new NameSpace("errno");
}
