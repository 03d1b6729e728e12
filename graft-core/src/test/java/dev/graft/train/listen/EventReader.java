package dev.graft.train.listen;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads event files by what is documented: TFRecord framing with every checksum compared, CRC-32C bit by bit from its
 * polynomial, and protobuf's wire format. Shares nothing with the writer.
 */
final class EventReader {
    /** @param version of the file; empty but in the first event */
    record Event(double wallTime, long step, String version, Map<String, Float> values) {}

    private EventReader() {}

    static List<Event> read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = checked(in, Long.BYTES);
            long bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
            events.add(event(ByteBuffer.wrap(checked(in, Math.toIntExact(bytes)))));
        }
        return events;
    }

    private static byte[] checked(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        int crc = crc32c(bytes);
        int masked = ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
        int stored = in.getInt();
        if (stored != masked) {
            throw new IllegalArgumentException(
                    "checksum of " + length + " bytes: expected " + masked + ", got " + stored);
        }
        return bytes;
    }

    /** Reflected, polynomial 0x1EDC6F41 (RFC 3720). */
    static int crc32c(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
            }
        }
        return ~crc;
    }

    private static Event event(ByteBuffer in) {
        double wallTime = 0;
        long step = 0;
        String version = "";
        Map<String, Float> values = new LinkedHashMap<>();
        in.order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            switch ((int) varint(in)) {
                case 1 << 3 | 1 -> wallTime = in.getDouble();
                case 2 << 3 -> step = varint(in);
                case 3 << 3 | 2 -> version = text(in);
                case 5 << 3 | 2 -> summary(bytes(in), values);
                default -> throw new IllegalArgumentException("an event has no such field");
            }
        }
        return new Event(wallTime, step, version, values);
    }

    private static void summary(ByteBuffer in, Map<String, Float> values) {
        while (in.hasRemaining()) {
            expect(1 << 3 | 2, varint(in));
            ByteBuffer value = bytes(in);
            expect(1 << 3 | 2, varint(value));
            String tag = text(value);
            expect(2 << 3 | 5, varint(value));
            values.put(tag, value.getFloat());
            expect(0, value.remaining());
        }
    }

    private static void expect(long expected, long got) {
        if (expected != got) {
            throw new IllegalArgumentException("expected " + expected + ", got " + got);
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private static ByteBuffer bytes(ByteBuffer in) {
        int length = Math.toIntExact(varint(in));
        ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return part;
    }

    private static String text(ByteBuffer in) {
        return StandardCharsets.UTF_8.decode(bytes(in)).toString();
    }
}
