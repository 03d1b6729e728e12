package dev.graft.heads;

import dev.graft.layers.NearestNeighbours;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Map;

/**
 * Known examples as the weights of a {@link NearestNeighbours} layer: for very few pictures, or classes that no line
 * parts.
 *
 * @param layer what votes
 * @param examples {@code [M, size]} of length 1
 * @param votes {@code [classes, M]}
 */
public record Neighbours(NearestNeighbours layer, HostTensor examples, HostTensor votes) {
    /**
     * Keeps all examples of a table.
     *
     * @param neighbours how many vote; no more than there are examples
     */
    public static Neighbours fit(FeatureTable table, int neighbours) {
        int width = table.width();
        HostTensor examples = HostTensor.allocate(Shape.of(table.size(), width));
        HostTensor votes = HostTensor.allocate(Shape.of(table.classes(), table.size()));
        for (int row = 0; row < table.size(); row++) {
            double square = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                square += (double) table.features().get(i) * table.features().get(i);
            }
            double length = Math.max(Math.sqrt(square), Float.MIN_NORMAL);
            for (int i = row * width; i < (row + 1) * width; i++) {
                examples.put(i, (float) (table.features().get(i) / length));
            }
            votes.put(table.label(row) * table.size() + row, 1);
        }
        int voting = Math.min(neighbours, table.size());
        return new Neighbours(new NearestNeighbours(voting, table.size(), table.classes()), examples, votes);
    }

    /** The weights by their names in the layer. */
    public Map<String, HostTensor> weights() {
        return Map.of("examples", examples, "votes", votes);
    }
}
