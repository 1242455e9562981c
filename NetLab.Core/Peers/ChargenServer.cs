namespace NetLab.Core.Peers;

/// <summary>
/// Sends characters without end (RFC 864): lines of 72 of the 95 printable ones, each line beginning one further. What it gets it leaves unread.
/// Of each piece the journal keeps the beginning.
/// </summary>
internal sealed class ChargenServer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log) : StreamServer(specification, recorder, log)
{
    private const int Printable = 95, Width = 72, Rounds = 8, Beginning = 1024;
    private static readonly byte[] s_lines = Lines();

    private protected override int Kept => Beginning;

    private protected override async ValueTask ServeAsync(StreamConnection connection)
    {
        while (true)
            await connection.SendAsync(s_lines).ConfigureAwait(false);
    }

    // The pattern comes back after 95 lines.
    private static byte[] Lines()
    {
        byte[] lines = new byte[Printable * (Width + 2) * Rounds];
        for (int line = 0, position = 0; line < Printable * Rounds; line++)
        {
            for (int column = 0; column < Width; column++)
                lines[position++] = (byte)(' ' + (line + column) % Printable);
            lines[position++] = (byte)'\r';
            lines[position++] = (byte)'\n';
        }

        return lines;
    }
}
