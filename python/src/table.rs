//! Tables that hand themselves over as Arrow streams, as they lie in memory.

use arrow_array::builder::StringBuilder;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array, LargeStringArray, RecordBatch,
    RecordBatchIterator, StringArray,
};
use arrow_schema::{ArrowError, Field, Schema};
use detente_engine::{Cells, Code, Column, Error, Table as Plain};
use pyo3::exceptions::{PyIndexError, PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A table: columns of one length, each with its unit and a sentence that says what it means.
///
/// It hands itself over as an Arrow stream: ``pandas.DataFrame.from_arrow(table)``, ``polars.DataFrame(table)``,
/// ``pyarrow.table(table)``. Numbers are not copied on the way.
#[pyclass(frozen, module = "detente")]
pub struct Table {
    batch: RecordBatch,
}

impl Table {
    /// Made where the interpreter's lock may be free: long tables take their time.
    pub(crate) fn of(table: Plain) -> Result<Self, Error> {
        Self::made(table).map_err(|error| {
            let sentence =
                format!("a table cannot be made ({error}); run fewer futures at a time, or keep fewer columns");
            Error { code: Code::Bound, sentences: vec![sentence], places: Vec::new() }
        })
    }

    fn made(table: Plain) -> Result<Self, ArrowError> {
        let rows = table.rows();
        let mut fields = Vec::with_capacity(table.columns.len());
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(table.columns.len());
        for Column { name, unit, says, cells } in table.columns {
            // By its kind and not by what it holds: parts of one table go together.
            let nullable = matches!(cells, Cells::Real(_));
            let array = array(cells)?;
            let about = [("unit", unit), ("description", says)];
            let about = about.into_iter().filter(|(_, text)| !text.is_empty());
            let about: BTreeMap<String, String> = about.map(|(key, text)| (key.to_owned(), text)).collect();
            fields.push(Field::new(name, array.data_type().clone(), nullable).with_metadata(about));
            arrays.push(array);
        }
        let schema =
            Schema::new(fields).with_metadata(table.metadata.into_iter().collect::<BTreeMap<String, String>>());
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows as usize));
        Ok(Self { batch: RecordBatch::try_new_with_options(Arc::new(schema), arrays, &options)? })
    }

    fn position(&self, name: &str) -> PyResult<usize> {
        self.batch
            .schema_ref()
            .index_of(name)
            .map_err(|_| PyKeyError::new_err(format!("there is no column `{name}`; `.column_names` lists them")))
    }

    /// A cell; `None` where nothing is there.
    fn cell<'py>(&self, py: Python<'py>, column: usize, row: usize) -> PyResult<Bound<'py, PyAny>> {
        let array = self.batch.column(column).as_ref();
        if array.is_null(row) {
            return Ok(py.None().into_bound(py));
        }
        let any = array.as_any();
        if let Some(list) = any.downcast_ref::<Int64Array>() {
            return Ok(list.value(row).into_pyobject(py)?.into_any());
        }
        if let Some(list) = any.downcast_ref::<Float64Array>() {
            return Ok(list.value(row).into_pyobject(py)?.into_any());
        }
        if let Some(list) = any.downcast_ref::<StringArray>() {
            return Ok(list.value(row).into_pyobject(py)?.into_any());
        }
        if let Some(list) = any.downcast_ref::<DictionaryArray<Int32Type>>() {
            let words = list.values().as_any().downcast_ref::<LargeStringArray>();
            let word = words.map_or("", |words| words.value(list.keys().value(row) as usize));
            return Ok(word.into_pyobject(py)?.into_any());
        }
        if let Some(list) = any.downcast_ref::<Date32Array>() {
            let date = py.import("datetime")?.getattr("date")?;
            // The proleptic ordinal of 1970-01-01.
            return date.call_method1("fromordinal", (719_163 + list.value(row),));
        }
        Err(PyValueError::new_err("a column of a kind that is not known"))
    }

    fn list<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Bound<'py, PyList>> {
        let any = self.batch.column(column).as_any();
        if let Some(list) = any.downcast_ref::<Int64Array>() {
            return PyList::new(py, list.values().iter());
        }
        let cells = (0..self.batch.num_rows()).map(|row| self.cell(py, column, row));
        PyList::new(py, cells.collect::<PyResult<Vec<_>>>()?)
    }
}

#[pymethods]
impl Table {
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<detente.Table of {} rows and {} columns>", self.batch.num_rows(), self.batch.num_columns())
    }

    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        self.list(py, self.position(name)?)
    }

    fn __contains__(&self, name: &str) -> bool {
        self.batch.schema_ref().index_of(name).is_ok()
    }

    /// Names of the columns, in order.
    ///
    /// >>> import detente
    /// >>> detente.Model("november-2024").levers.column_names[:3]
    /// ['lever', 'name', 'kind']
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.batch.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// What the table is of: pairs of ``detente.KEY`` and text.
    ///
    /// >>> import detente
    /// >>> detente.Model("november-2024").batch(2, days=5).futures.metadata["detente.days"]
    /// '5'
    #[getter]
    fn metadata(&self) -> BTreeMap<String, String> {
        self.batch.schema_ref().metadata().clone().into()
    }

    /// Unit of a column; empty for texts.
    ///
    /// >>> import detente
    /// >>> detente.Model("november-2024").batch(2, days=5).futures.unit("war_days")
    /// 'days'
    fn unit(&self, name: &str) -> PyResult<String> {
        self.about(name, "unit")
    }

    /// What a column means, in a sentence.
    ///
    /// >>> import detente
    /// >>> detente.Model("november-2024").batch(2, days=5).futures.description("future")
    /// 'Number of the future; with the seed it decides everything that chance decides.'
    fn description(&self, name: &str) -> PyResult<String> {
        self.about(name, "description")
    }

    /// All columns, as lists.
    ///
    /// >>> import detente
    /// >>> detente.Model("november-2024").batch(2, days=5).futures.to_dict()["future"]
    /// [0, 1]
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (i, field) in self.batch.schema_ref().fields().iter().enumerate() {
            dict.set_item(field.name(), self.list(py, i)?)?;
        }
        Ok(dict)
    }

    /// One row, as a dictionary; negative numbers count from the end.
    ///
    /// >>> import detente
    /// >>> detente.Model("november-2024").batch(3, days=5).futures.row(-1)["future"]
    /// 2
    fn row<'py>(&self, py: Python<'py>, row: isize) -> PyResult<Bound<'py, PyDict>> {
        let rows = self.batch.num_rows();
        let at = if row < 0 { row.checked_add_unsigned(rows).unwrap_or(row) } else { row };
        let at = usize::try_from(at).ok().filter(|at| *at < rows);
        let at = at.ok_or_else(|| PyIndexError::new_err(format!("row {row}: the table has {rows}")))?;
        let dict = PyDict::new(py);
        for (i, field) in self.batch.schema_ref().fields().iter().enumerate() {
            dict.set_item(field.name(), self.cell(py, i, at)?)?;
        }
        Ok(dict)
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A wish, which the protocol allows to be passed over: columns keep their types.
        let _ = requested_schema;
        let once = std::iter::once(Ok::<_, ArrowError>(self.batch.clone()));
        let stream = FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new(once, self.batch.schema())));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}

impl Table {
    fn about(&self, name: &str, key: &str) -> PyResult<String> {
        let field = self.batch.schema_ref().field(self.position(name)?);
        Ok(field.metadata().get(key).cloned().unwrap_or_default())
    }
}

/// Numbers stay where they are in memory; texts are laid end to end.
fn array(cells: Cells) -> Result<ArrayRef, ArrowError> {
    Ok(match cells {
        Cells::Date(list) => Arc::new(Date32Array::from(list)),
        Cells::Whole(list) => Arc::new(Int64Array::from(list)),
        Cells::Real(list) if list.iter().any(|value| value.is_nan()) => {
            Arc::new(list.into_iter().map(|value| (!value.is_nan()).then_some(value)).collect::<Float64Array>())
        }
        Cells::Real(list) => Arc::new(Float64Array::from(list)),
        Cells::Text(list) => {
            let bytes = list.iter().map(|text| text.len() as u64).sum::<u64>();
            if i32::try_from(bytes).is_err() {
                return Err(ArrowError::InvalidArgumentError(format!("{bytes} bytes of text in one column")));
            }
            let mut builder = StringBuilder::new();
            list.iter().for_each(|text| builder.append_value(text));
            Arc::new(builder.finish())
        }
        Cells::Word { words, at } => {
            let keys: Vec<i32> = at.into_iter().map(u32::cast_signed).collect();
            // Settings are long, and a large design has many.
            let words: ArrayRef = Arc::new(LargeStringArray::from_iter_values(words));
            Arc::new(DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys), words)?)
        }
    })
}
