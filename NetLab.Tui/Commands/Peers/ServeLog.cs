using System.Globalization;
using System.Text;
using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>
/// A server's log as lines on standard error: of HTTP requests as python3 -m http.server writes them, of other servers' connections one as they open and close.
/// Servers only leave their lines here; a thread of its own writes them, so that a terminal that is stopped stops no server. What waits is bounded.
/// </summary>
internal sealed class ServeLog : IPeerLog, IDisposable
{
    private const int MostWaiting = 1 << 20;
    private readonly Lock _gate = new();
    private readonly TextWriter _output;
    private readonly PeerKind _kind;
    private readonly AutoResetEvent _written = new(false);
    private readonly Thread _writer;
    private StringBuilder _waiting = new(), _writing = new();
    private long _second = long.MinValue, _lost;
    private string _moment = "";
    private bool _isOver, _isFull;

    /// <summary>A log that is open until it is disposed of.</summary>
    /// <param name="output">Standard error.</param>
    /// <param name="kind">What kind of server writes it.</param>
    public ServeLog(TextWriter output, PeerKind kind)
    {
        (_output, _kind) = (output, kind);
        _writer = new Thread(WriteOut) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    /// <inheritdoc/>
    public bool IsFull => Volatile.Read(ref _isFull);

    /// <inheritdoc/>
    public void Lose(int lines)
    {
        lock (_gate)
            _lost += lines;
    }

    /// <inheritdoc/>
    public void Write(in PeerLogEntry entry)
    {
        lock (_gate)
        {
            if (_waiting.Length > MostWaiting)
                _lost++;
            else if (_kind == PeerKind.Http)
                AppendHttp(entry);
            else
                AppendConnection(entry);
            _isFull = _waiting.Length > MostWaiting;
        }

        _written.Set();
    }

    /// <summary>Writes what is left.</summary>
    public void Dispose()
    {
        lock (_gate)
            _isOver = true;
        _written.Set();
        _writer.Join();
        _written.Dispose();
    }

    private void AppendHttp(in PeerLogEntry entry)
    {
        switch (entry.Kind)
        {
            case PeerLogKind.Request:
                Head(entry).Append(CultureInfo.InvariantCulture, $"\"{Escaped(entry.Text)}\" {entry.Status} -\n");
                break;
            case PeerLogKind.RequestError:
                Head(entry).Append(CultureInfo.InvariantCulture, $"code {entry.Status}, message {Escaped(entry.Text)}\n");
                break;
            case PeerLogKind.Notice or PeerLogKind.Refused:
                Head(entry).Append(CultureInfo.InvariantCulture, $"{Escaped(entry.Text)}\n");
                break;
        }
    }

    private StringBuilder Head(in PeerLogEntry entry) => _waiting.Append(CultureInfo.InvariantCulture, $"{entry.Tuple.Remote.Address} - - [{Moment(entry.Time)}] ");

    private void AppendConnection(in PeerLogEntry entry)
    {
        _waiting.Append(CultureInfo.InvariantCulture, $"[{Moment(entry.Time)}] ");
        if (!entry.Tuple.Remote.IsUnknown)
            _waiting.Append(CultureInfo.InvariantCulture, $"{entry.Tuple.Remote} ");
        // The lab's servers write one log.
        if (_kind == PeerKind.Dns && !entry.Tuple.Local.IsUnknown)
            _waiting.Append(CultureInfo.InvariantCulture, $"→ {entry.Tuple.Local.Address} ");
        switch (entry.Kind)
        {
            case PeerLogKind.Opened:
                _waiting.Append("connected");
                break;
            case PeerLogKind.Closed:
                _waiting.Append(CultureInfo.InvariantCulture, $"closed, {entry.Received} bytes received, {entry.Sent} sent");
                if (entry.Text.Length > 0)
                    _waiting.Append(CultureInfo.InvariantCulture, $" ({Escaped(entry.Text)})");
                break;
            case PeerLogKind.Refused:
                _waiting.Append(CultureInfo.InvariantCulture, $"closed at once: {Escaped(entry.Text)}");
                break;
            default:
                _waiting.Append(Escaped(entry.Text));
                break;
        }

        _waiting.Append('\n');
    }

    // Many lines are of the same second.
    private string Moment(Timestamp time)
    {
        long second = time.Nanoseconds / 1_000_000_000;
        if (second != _second)
        {
            var utc = time.ToDateTime();
            _moment = (utc + TimeZoneInfo.Local.GetUtcOffset(utc)).ToString("dd/MMM/yyyy HH:mm:ss", CultureInfo.InvariantCulture);
            _second = second;
        }

        return _moment;
    }

    private static string Escaped(string text) => EventText.Printable(text.Replace("\\", "\\\\", StringComparison.Ordinal));

    private void WriteOut()
    {
        bool isOver = false;
        while (!isOver)
        {
            _written.WaitOne();
            lock (_gate)
            {
                isOver = _isOver;
                if (_lost > 0)
                    _waiting.Append(CultureInfo.InvariantCulture, $"netlab: {_lost} lines of the log were left out: nobody took them.\n");
                _lost = 0;
                (_waiting, _writing, _isFull) = (_writing, _waiting, false);
            }

            try
            {
                _output.Write(_writing);
            }
            catch (IOException)
            {
                // Nobody reads the log any more; the server goes on.
            }

            _writing.Clear();
        }
    }
}
