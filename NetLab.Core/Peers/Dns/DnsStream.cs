using System.Buffers;
using System.Buffers.Binary;

namespace NetLab.Core.Peers;

/// <summary>The buffers of a DNS connection: queries behind their lengths come in, answers behind theirs go out (RFC 1035 section 4.2.2).</summary>
internal sealed class DnsStream : IDisposable
{
    private const int First = 2048, Prefix = 2, ManyAnswers = 16 << 10;
    private byte[] _in = new byte[First];
    private byte[] _out = [];
    private int _start, _end, _written;

    /// <summary>Whether nothing has come that was not answered.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Whether a whole query has come.</summary>
    public bool HasQuery => _end - _start >= Prefix && _end - _start - Prefix >= NextLength;

    /// <summary>Where what comes goes to.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_start > 0)
                _in.AsSpan(_start, _end - _start).CopyTo(_in);
            (_start, _end) = (0, _end - _start);
            if (_end == _in.Length)
                Array.Resize(ref _in, Math.Min(2 * _in.Length, Prefix + ushort.MaxValue));
            return _in.AsMemory(_end);
        }
    }

    /// <summary>Where the next answer goes to; 65,535 octets.</summary>
    public Span<byte> Answer
    {
        get
        {
            if (_out.Length == 0)
                _out = ArrayPool<byte>.Shared.Rent(ManyAnswers + Prefix + ushort.MaxValue);
            return _out.AsSpan(_written + Prefix, ushort.MaxValue);
        }
    }

    /// <summary>What is to be sent, until <see cref="Sent"/>.</summary>
    public ReadOnlyMemory<byte> Answers => _out.AsMemory(0, _written);

    private int NextLength => BinaryPrimitives.ReadUInt16BigEndian(_in.AsSpan(_start));

    /// <summary>Says how much came.</summary>
    public void Received(int count) => _end += count;

    /// <summary>Takes the next whole query; none while enough answers wait to be sent.</summary>
    public bool TryTake(out ReadOnlySpan<byte> query)
    {
        query = default;
        if (!HasQuery || _written >= ManyAnswers)
            return false;
        int length = NextLength;
        query = _in.AsSpan(_start + Prefix, length);
        _start += Prefix + length;
        return true;
    }

    /// <summary>Puts what was written into <see cref="Answer"/> with what is to be sent.</summary>
    public void Add(int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_out.AsSpan(_written), (ushort)length);
        _written += Prefix + length;
    }

    /// <summary>Says that the answers went. Connections that wait by the thousand must not hold the room of answers.</summary>
    public void Sent()
    {
        _written = 0;
        if (_out.Length > 0)
            ArrayPool<byte>.Shared.Return(_out);
        _out = [];
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose() => Sent();
}
