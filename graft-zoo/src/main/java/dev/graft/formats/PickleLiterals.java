package dev.graft.formats;

import dev.graft.weights.Cursor;
import dev.graft.weights.UntrustedText;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The instructions of a {@link Pickle} that push one value which stands in the file as it is. */
final class PickleLiterals {
    private static final int LONGEST_NUMBER = 4096;

    private final Cursor in;

    PickleLiterals(Cursor in) {
        this.in = in;
    }

    Object read(int instruction) {
        return switch (instruction) {
            case 'N' -> Pickle.None.NONE;
            case 0x88 -> true;
            case 0x89 -> false;
            case 'K' -> (long) in.u8("a number");
            case 'M' -> (long) in.u16("a number");
            case 'J' -> (long) (int) in.u32("a number");
            case 0x8a -> wholeNumber(in.u8("the length of a number"));
            case 0x8b -> wholeNumber(in.u32("the length of a number"));
            case 'I', 'L' -> writtenNumber();
            case 'G' -> in.take(8, "a number").order(ByteOrder.BIG_ENDIAN).getDouble();
            case 0x8c, 'U' -> text(in.u8("the length of a string"));
            case 'X', 'T' -> text(in.u32("the length of a string"));
            case 0x8d -> text(in.u64("the length of a string"));
            case 'C' -> bytes(in.u8("the length of bytes"));
            case 'B' -> bytes(in.u32("the length of bytes"));
            case 0x8e, 0x96 -> bytes(in.u64("the length of bytes"));
            case ']', 0x8f -> new ArrayList<>();
            case ')' -> List.of();
            case '}' -> new LinkedHashMap<>();
            default ->
                throw in.fault(String.format("the pickle has the instruction 0x%02x", instruction)
                        + ", which torch.save does not write; save the state dict alone");
        };
    }

    /** UntrustedText; what is none, as bytes of Python 2 or names of files may be, is opaque. */
    private Object text(long length) {
        ByteBuffer text = in.take(length, "a string");
        try {
            return UntrustedText.decodeUtf8(text);
        } catch (CharacterCodingException e) {
            return Opaque.of("bytes");
        }
    }

    private Object bytes(long length) {
        in.skip(length, "bytes");
        return Opaque.of("bytes");
    }

    private Number wholeNumber(long length) {
        if (length > LONGEST_NUMBER) {
            throw in.fault("the pickle has a number of " + length + " bytes; the file is damaged, fetch it again");
        }
        int count = (int) length;
        ByteBuffer digits = in.take(length, "a number");
        byte[] highestFirst = new byte[count + 1];
        for (int i = 0; i < count; i++) {
            highestFirst[count - i] = digits.get(i);
        }
        highestFirst[0] = (byte) (highestFirst[Math.min(1, count)] >> 7);
        return narrow(new BigInteger(highestFirst));
    }

    /** A number in letters, as the first protocols have it; {@code 00} and {@code 01} are booleans. */
    private Object writtenNumber() {
        StringBuilder line = new StringBuilder();
        for (int letter = in.u8("a number"); letter != '\n'; letter = in.u8("a number")) {
            line.append((char) letter);
            if (line.length() > LONGEST_NUMBER) {
                throw in.fault("the pickle has an endless number; the file is damaged, fetch it again");
            }
        }
        String text = line.toString();
        if (text.equals("00") || text.equals("01")) {
            return text.equals("01");
        }
        try {
            return narrow(new BigInteger(text.endsWith("L") ? text.substring(0, text.length() - 1) : text));
        } catch (NumberFormatException e) {
            throw in.fault("the pickle has " + UntrustedText.quote(text)
                    + " for a number; the file is damaged, fetch it again");
        }
    }

    private static Number narrow(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    }
}
