//! Reader of CSV by RFC 4180, written anew, so that it does not share the mistakes of
//! the writer.

/// The records of a file with this delimiter.
pub(super) fn records(file: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut field = Vec::new();
    let mut quoted = false;
    let mut bytes = file.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if quoted && bytes.peek() == Some(&b'"') => {
                bytes.next();
                field.push(b'"');
            }
            b'"' => quoted = !quoted,
            _ if byte == delimiter && !quoted => record.push(std::mem::take(&mut field)),
            b'\r' if !quoted && bytes.peek() == Some(&b'\n') => {
                bytes.next();
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            other => field.push(other),
        }
    }
    // The last line may lack its break.
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}
