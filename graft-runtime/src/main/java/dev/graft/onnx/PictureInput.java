package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.GraftException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How a file's network takes its pictures.
 *
 * @param name of the input
 * @param size the side of the square in pixels, 0 where any goes
 * @param channelsLast whether it is {@code [N, H, W, 3]}, else {@code [N, 3, H, W]}
 * @param half whether its numbers have 16 bits, else 32
 */
record PictureInput(String name, int size, boolean channelsLast, boolean half) {
    private static final int RANK = 4;
    static final int LARGEST = 4096;
    private static final long OPEN = -1;

    /**
     * Reads it off the inputs.
     *
     * @throws GraftException if they are not one square of red, green and blue
     */
    static PictureInput of(String description, List<ValueInfoProto> inputs) {
        if (inputs.size() != 1) {
            throw new GraftException(description + ": it takes " + inputs.size() + " inputs"
                    + inputs.stream()
                            .limit(RANK)
                            .map(input -> ForeignNodes.quoted(input.getName()))
                            .collect(Collectors.joining(", ", " (", ")"))
                    + ", a backbone takes one picture; cut it where only that is needed");
        }
        ValueInfoProto input = inputs.get(0);
        TypeProto.Tensor type = input.getType().getTensorType();
        long[] sizes = sizes(type);
        String shown = ForeignNodes.quoted(input.getName()) + " " + shown(sizes);
        DataType number = DataType.forNumber(type.getElemType());
        if (number != DataType.FLOAT && number != DataType.FLOAT16) {
            throw new GraftException(description + ": its input " + shown + " is of "
                    + (number == null ? "an unknown type" : number.name())
                    + ", expected FLOAT; export the network without the preparation of its pictures");
        }
        boolean last = sizes.length == RANK && sizes[3] == 3 && sizes[1] != 3;
        long channels = sizes.length != RANK ? 0 : last ? 3 : sizes[1];
        if (channels != 3 && channels != OPEN) {
            throw new GraftException(description + ": its input is " + shown
                    + ", expected pictures of three channels, [N, 3, H, W] or [N, H, W, 3]; export it for those");
        }
        long height = sizes[last ? 1 : 2];
        long width = sizes[last ? 2 : 3];
        if (sizes[0] > 1 || (height != width && height != OPEN && width != OPEN) || Math.max(height, width) > LARGEST) {
            throw new GraftException(description + ": its input is " + shown
                    + ", expected one picture at a time, square, of at most " + LARGEST
                    + " pixels a side; export it for"
                    + " those");
        }
        int size = (int) Math.max(0, Math.max(height, width));
        return new PictureInput(input.getName(), size, last, number == DataType.FLOAT16);
    }

    /** Sizes that are open are {@link #OPEN}; where nothing is said, four are. */
    private static long[] sizes(TypeProto.Tensor type) {
        if (!type.hasShape()) {
            return LongStream.generate(() -> OPEN).limit(RANK).toArray();
        }
        return type.getShape().getDimList().stream()
                .mapToLong(TensorShapeProto.Dimension::getDimValue)
                .map(size -> size > 0 ? size : OPEN)
                .toArray();
    }

    private static String shown(long[] sizes) {
        Stream<String> texts =
                LongStream.of(sizes).limit(8).mapToObj(size -> size == OPEN ? "?" : String.valueOf(size));
        return texts.collect(Collectors.joining(", ", "[", "]"));
    }
}
