namespace NetLab.Core.Views;

/// <summary>What the kernel knows of the one socket that is looked at closely, and how its round-trip time and congestion window went.</summary>
public sealed class SocketFiguresView
{
    private const int Kept = 256;
    private readonly List<double> _roundTrips = [];
    private readonly List<double> _windows = [];

    /// <summary>The socket's addresses.</summary>
    public FourTuple Tuple { get; private set; }

    /// <summary>What was sampled last; null before the first sample.</summary>
    public SocketFigures? Latest { get; private set; }

    /// <summary>The round-trip times, in microseconds: a value each time that something changed.</summary>
    public IReadOnlyList<double> RoundTrips => _roundTrips;

    /// <summary>The congestion windows, in segments.</summary>
    public IReadOnlyList<double> Windows => _windows;

    /// <summary>Takes in an event of kind socket figures.</summary>
    public void Fold(in LabEvent entry, ReadOnlySpan<byte> data)
    {
        if (!SocketFigures.TryRead(data, out var figures))
            return;
        if (entry.Tuple != Tuple)
        {
            _roundTrips.Clear();
            _windows.Clear();
        }

        (Tuple, Latest) = (entry.Tuple, figures);
        Add(_roundTrips, figures.RoundTrip);
        Add(_windows, figures.CongestionWindow);
    }

    private static void Add(List<double> values, double value)
    {
        if (values.Count == Kept)
            values.RemoveAt(0);
        values.Add(value);
    }
}
