// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

/** What a field of a struct holds. */
public sealed interface FieldType {

    /** Size, in bytes. */
    int size();

    /** What the offset must be a multiple of, in bytes. */
    int alignment();

    /** The type as the schema writes it. */
    String schemaName();

    /** One integer. */
    record Scalar(ScalarType type) implements FieldType {
        @Override
        public int size() {
            return type.size();
        }

        @Override
        public int alignment() {
            return type.size();
        }

        @Override
        public String schemaName() {
            return type.schemaName();
        }
    }

    /** Raw bytes: {@code u8[length]}. */
    record Bytes(int length) implements FieldType {
        @Override
        public int size() {
            return length;
        }

        @Override
        public int alignment() {
            return 1;
        }

        @Override
        public String schemaName() {
            return "u8[" + length + "]";
        }
    }

    /** Text in UTF-8, padded with zeros: {@code char[length]}. */
    record Text(int length) implements FieldType {
        @Override
        public int size() {
            return length;
        }

        @Override
        public int alignment() {
            return 1;
        }

        @Override
        public String schemaName() {
            return "char[" + length + "]";
        }
    }

    /** Structs in a row: {@code struct NAME[count]}. */
    record Structs(Struct struct, int count) implements FieldType {
        @Override
        public int size() {
            return struct.size() * count;
        }

        @Override
        public int alignment() {
            return struct.alignment();
        }

        @Override
        public String schemaName() {
            return "struct " + struct.name() + "[" + count + "]";
        }
    }
}
