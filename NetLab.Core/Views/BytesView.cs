namespace NetLab.Core.Views;

/// <summary>Bytes that a program sent or received in one call.</summary>
/// <param name="Reference">Where they lie in the journal.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">By whom.</param>
/// <param name="Tuple">Over which connection.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Length">How many.</param>
public readonly record struct BytesRow(EventReference Reference, Timestamp Time, NameId Actor, FourTuple Tuple, Direction Direction, int Length);

/// <summary>What the programs sent and received, call by call.</summary>
public sealed class BytesView
{
    /// <summary>The newest 8,192 calls.</summary>
    public RowRing<BytesRow> Rows { get; } = new(8192);

    /// <summary>Takes in an event of kind bytes.</summary>
    public void Fold(in LabEvent entry, EventReference reference)
    {
        ref readonly var detail = ref entry.Detail.Bytes;
        if (detail.Length == 0)
            return;
        Rows.Add(new BytesRow(reference, entry.Time, entry.Actor, entry.Tuple, detail.Direction, detail.Length));
        // Sent bytes count from the beginning of their call and are told of at its end: the receiver may have been quicker.
        for (int place = Rows.Count - 1; place > 0 && Rows[place - 1].Time > Rows[place].Time; place--)
            Rows.Swap(place - 1, place);
    }
}
