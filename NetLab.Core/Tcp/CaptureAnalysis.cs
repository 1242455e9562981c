namespace NetLab.Core.Tcp;

/// <summary>
/// The analyses of all TCP streams of a capture, by their numbers. Bounded: of a stream that is more than 16,384 younger than another in its place
/// nothing is known any more. What a forgotten stream held serves the next one, so that a long capture makes no garbage.
/// </summary>
public sealed class CaptureAnalysis
{
    private const int Bound = 1 << 14;
    private StreamAnalysis?[] _analyses = new StreamAnalysis?[64];
    private int[] _streams = new int[64];

    /// <summary>Takes in a segment.</summary>
    /// <param name="stream">The number of its stream, counted from 0 in the order in which streams begin.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="sender">The end that sent it, 0 or 1.</param>
    /// <param name="time">When it was captured.</param>
    /// <param name="options">The bytes of its TCP options, as far as they were captured.</param>
    /// <param name="begins">What its stream has to do with those before it.</param>
    /// <returns>What those before it say of it.</returns>
    public SegmentAnalysis Take(int stream, in TcpSegment segment, int sender, Timestamp time, ReadOnlySpan<byte> options, StreamMarks begins)
    {
        int place = stream % Bound;
        if (place >= _analyses.Length)
        {
            int length = Math.Min(Bound, Math.Max(place + 1, 2 * _analyses.Length));
            Array.Resize(ref _analyses, length);
            Array.Resize(ref _streams, length);
        }

        ref var analysis = ref _analyses[place];
        if (analysis is null)
        {
            analysis = new StreamAnalysis();
            _streams[place] = stream;
        }
        else if (_streams[place] != stream)
        {
            if (_streams[place] > stream)
                return default;
            analysis.Clear();
            _streams[place] = stream;
        }

        analysis.Take(segment, sender, time, options);
        var told = analysis.Told;
        return begins == StreamMarks.None ? told : new SegmentAnalysis(told.Marks | begins, told.Figures.Figure, told.Figures.RoundTrip);
    }
}
